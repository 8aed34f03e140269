#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "client/cli/console.h"
#include "client/lib/call.h"
#include "client/lib/ddl_source.h"
#include "client/lib/discovery.h"
#include "client/lib/rpc.h"
#include "client/lib/session.h"

namespace hocket::cli {

/// What a command does on the way of a call; see client::Rpc::Handlers. All but on_reply must not be empty.
struct RpcHandlers {
    std::function<void(const client::RpcResult&)> on_targets;
    std::function<Result<void>(const client::RpcResult&)> before_send;
    std::function<void(const client::NodeReply&, const client::RpcResult&)> on_reply = {};
};

/// What one command says to the nodes, in the order of a program: each function waits for its end while the io_context
/// runs. The connection is made when it is first needed, so that help and input errors need no broker.
///
/// The first SIGINT or SIGTERM ends what is under way with what has arrived; the second one ends the program.
///
/// Thread: the one that calls it, which becomes the io thread.
/// Owns:   the session.
class Conversation {
public:
    using Connect = std::function<Result<std::unique_ptr<client::Session>>(boost::asio::io_context&,
                                                                           client::ClientConfig)>;

    Conversation(boost::asio::io_context& io, client::ClientConfig config, Connect connect,
                 const Console& console);
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    const Console& console() const { return console_; }
    const client::ClientConfig& config() const { return config_; }
    const client::DdlSource& ddl_source() const { return ddl_source_; }

    /// From now on signals interrupt.
    void catch_signals();

    /// Errors: those of Session::open.
    Result<client::Session*> session();

    /// Errors: those of Session::open and Discovery. An interrupted discovery is no error: it is `cancelled`.
    Result<client::DiscoveryResult> discover(const client::DiscoveryQuery& query);

    /// Errors: those of Session::open and Call::start; interrupted when it was before.
    Result<client::CallResult> call(client::CallPlan plan);

    /// With a line of progress. Errors: those of Session::open and Rpc; interrupted when it was before.
    Result<client::RpcResult> rpc(client::CheckedRpc checked, RpcHandlers handlers);

    /// Errors: those of Session::open and DdlFetch.
    Result<client::AgentDdl> fetch_ddl(const std::string& agent, const std::vector<std::string>& nodes);

private:
    Result<client::Session*> session_to_call();
    void wait_for_signal();
    void interrupt();
    /// Runs the io_context until `is_done`; an interrupt calls `cancel` meanwhile.
    void run_until(const std::function<bool()>& is_done, std::function<void()> cancel);

    boost::asio::io_context& io_;
    client::ClientConfig config_;
    Connect connect_;
    const Console& console_;
    client::DdlSource ddl_source_;
    boost::asio::signal_set signals_;
    std::unique_ptr<client::Session> session_;
    std::function<void()> cancel_;
    bool was_interrupted_ = false;
};

}  // namespace hocket::cli
