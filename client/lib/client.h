#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "client/lib/aggregates.h"
#include "client/lib/config.h"
#include "client/lib/ddl_source.h"
#include "client/lib/discovery.h"
#include "client/lib/rpc.h"
#include "client/lib/session.h"
#include "core/base/clock.h"

namespace hocket::client {

/// What is heard of a call before it is over, and what may forbid it. Each may be empty.
struct RpcObserver {
    std::function<void(const DiscoveredNode&)> on_node = {};                ///< each as it is found
    std::function<void(const RpcResult&)> on_targets = {};                  ///< about to ask these
    std::function<void(const NodeReply&, const RpcResult&)> on_reply = {};  ///< each as it comes
    /// Knows the targets and the action's description: its error ends the call, and nothing is sent.
    std::function<Result<void>(const RpcResult&)> before_send = {};
};

/// A caller: one connection to the broker, its keys and the DDLs that it knows. Everything that `hocket` can do.
///
/// The functions async_… take any completion token of Asio and complete with a Result: a callback gets it, a coroutine
/// awaits it with boost::asio::use_awaitable. Cancelling the operation (a cancellation slot, `||` of awaitables) keeps what
/// arrived until then.
///
///     RpcQuery query("disk", "usage", {{"path", "/"}});
///     Result<RpcResult> result = co_await client.async_rpc(query, use_awaitable);
///
/// Thread: the one that runs the io_context.
/// Owns:   the connection and the operations; destroying it ends them without a completion.
class Client {
public:
    /// With the configuration that `hocket` would use, or another.
    /// Errors: invalid_config, invalid_key, broker_unreachable.
    static Result<std::unique_ptr<Client>> open(boost::asio::io_context& io);
    static Result<std::unique_ptr<Client>> open(boost::asio::io_context& io, ClientConfig config);

    /// With a session that somebody else made.
    explicit Client(std::unique_ptr<Session> session) : Client(nullptr, std::move(session)) {}

    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    ~Client();

    /// Who is there. Completes with Result<DiscoveryResult>; errors: those of Discovery.
    template <class CompletionToken>
    auto async_discover(DiscoveryQuery query, CompletionToken&& token) {
        return initiate<Discovery, DiscoveryResult>(
            [this, query = std::move(query)](auto done) { return this->start(query, std::move(done)); },
            std::forward<CompletionToken>(token));
    }

    /// Finds the nodes, checks the inputs and calls the action. Completes with Result<RpcResult>; errors: those of
    /// CheckedRpc::check and Rpc.
    template <class CompletionToken>
    auto async_rpc(RpcQuery query, CompletionToken&& token) {
        return async_rpc(std::move(query), RpcObserver(), std::forward<CompletionToken>(token));
    }
    template <class CompletionToken>
    auto async_rpc(RpcQuery query, RpcObserver observer, CompletionToken&& token) {
        return initiate<Rpc, RpcResult>(
            [this, query = std::move(query), observer = std::move(observer)](auto done) {
                return this->start(query, observer, std::move(done));
            },
            std::forward<CompletionToken>(token));
    }

    Session& session() { return *session_; }
    const DdlSource& ddl_source() const { return ddl_source_; }

private:
    /// Something under way, kept until it is over.
    struct Operation {
        virtual ~Operation() = default;
    };
    template <class Work, class Value, class Handler>
    struct Running;

    Client(std::unique_ptr<SystemClock> clock, std::unique_ptr<Session> session);

    Result<std::unique_ptr<Discovery>> start(const DiscoveryQuery& query,
                                             std::function<void(Result<DiscoveryResult>)> done);
    Result<std::unique_ptr<Rpc>> start(const RpcQuery& query, const RpcObserver& observer,
                                       std::function<void(Result<RpcResult>)> done);
    void forget(const Operation* operation);

    /// `begin` starts a Work, which must have cancel(), and is given what to call when it is over.
    template <class Work, class Value, class Begin, class CompletionToken>
    auto initiate(Begin begin, CompletionToken&& token);

    std::unique_ptr<SystemClock> clock_;
    std::unique_ptr<Session> session_;
    DdlSource ddl_source_;
    std::vector<std::unique_ptr<Operation>> operations_;
};

/// One that somebody waits for with a handler of that type.
template <class Work, class Value, class Handler>
struct Client::Running final : Operation {
    Running(Handler given, const boost::asio::io_context::executor_type& fallback)
        : work(boost::asio::get_associated_executor(given, fallback)), handler(std::move(given)) {}

    ~Running() override { disconnect(); }

    /// Later, and on the handler's own executor.
    void complete(Result<Value> result) {
        disconnect();
        boost::asio::post(work.get_executor(),
                          [handler = std::move(*handler), result = std::move(result)]() mutable {
                              handler(std::move(result));
                          });
        handler.reset();
    }

    void connect() {
        auto slot = boost::asio::get_associated_cancellation_slot(*handler);
        if (!slot.is_connected()) return;
        slot.assign([this](boost::asio::cancellation_type) { operation->cancel(); });
    }

    /// The slot lives on with whoever cancels.
    void disconnect() {
        if (!handler) return;
        auto slot = boost::asio::get_associated_cancellation_slot(*handler);
        if (slot.is_connected()) slot.clear();
    }

    boost::asio::executor_work_guard<
        boost::asio::associated_executor_t<Handler, boost::asio::io_context::executor_type>>
        work;
    std::optional<Handler> handler;
    std::unique_ptr<Work> operation;
};

template <class Work, class Value, class Begin, class CompletionToken>
auto Client::initiate(Begin begin, CompletionToken&& token) {
    const auto initiation = [this](auto handler, Begin chosen) {
        using Begun = Running<Work, Value, decltype(handler)>;
        auto owned = std::make_unique<Begun>(std::move(handler), session_->io().get_executor());
        Begun* const running = owned.get();
        operations_.push_back(std::move(owned));
        Result<std::unique_ptr<Work>> begun = chosen([this, running](Result<Value> result) {
            running->complete(std::move(result));
            forget(running);
        });
        if (!begun) {
            running->complete(begun.error());
            return forget(running);
        }
        running->operation = std::move(*begun);
        running->connect();
    };
    return boost::asio::async_initiate<CompletionToken, void(Result<Value>)>(initiation, token,
                                                                             std::move(begin));
}

}  // namespace hocket::client
