#include "client/cli/conversation.h"

#include <csignal>
#include <unistd.h>

#include "client/cli/progress.h"
#include "client/lib/ddl_fetch.h"

namespace hocket::cli {

namespace {

constexpr int k_interrupted_exit_code = 130;

/// Nothing yet, before there is a call.
ProgressState progress_of(const client::Call* call) {
    if (call == nullptr) return {};
    const client::CallResult& so_far = call->so_far();
    const std::size_t answered = so_far.replies.size();
    const std::size_t ok = client::identities_with(so_far, Outcome::ok).size();
    return {answered, answered + call->outstanding(), answered - ok, call->outstanding_identities()};
}

}  // namespace

Conversation::Conversation(boost::asio::io_context& io, client::ClientConfig config, Connect connect,
                           const Console& console)
    : io_(io),
      config_(std::move(config)),
      connect_(std::move(connect)),
      console_(console),
      ddl_source_(config_.ddl),
      signals_(io) {}

void Conversation::catch_signals() {
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    wait_for_signal();
}

void Conversation::wait_for_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (error) return;
        interrupt();
        wait_for_signal();
    });
}

void Conversation::interrupt() {
    if (was_interrupted_) ::_exit(k_interrupted_exit_code);
    was_interrupted_ = true;
    if (cancel_) cancel_();
}

Result<client::Session*> Conversation::session() {
    if (!session_) {
        Result<std::unique_ptr<client::Session>> connected = connect_(io_, config_);
        if (!connected) return connected.error();
        session_ = std::move(*connected);
    }
    return session_.get();
}

/// A signal that came while we connected has not been heard yet.
Result<client::Session*> Conversation::session_to_call() {
    Result<client::Session*> session = this->session();
    if (io_.stopped()) io_.restart();
    io_.poll();
    if (was_interrupted_) return Error{ErrorCode::interrupted, "interrupted; nothing was sent", {}};
    return session;
}

Result<client::DiscoveryResult> Conversation::discover(const client::DiscoveryQuery& query) {
    const Result<client::Session*> session = this->session();
    if (!session) return session.error();
    std::optional<Result<client::DiscoveryResult>> result;
    auto discovery = client::Discovery::start(
        **session, query,
        {[&](Result<client::DiscoveryResult> found) { result.emplace(std::move(found)); }, {}});
    if (!discovery) return discovery.error();
    const Progress progress(io_, console_, [] { return progress_of(nullptr); });
    run_until([&] { return result.has_value(); }, [&] { (*discovery)->cancel(); });
    return std::move(*result);
}

Result<client::CallResult> Conversation::call(client::CallPlan plan) {
    const Result<client::Session*> session = session_to_call();
    if (!session) return session.error();
    std::optional<client::CallResult> result;
    auto call = client::Call::start(**session, std::move(plan),
                                    {[&](client::CallResult made) { result = std::move(made); }, {}});
    if (!call) return call.error();
    const Progress progress(io_, console_, [&call] { return progress_of(call->get()); });
    run_until([&] { return result.has_value(); }, [&] { (*call)->cancel(); });
    return std::move(*result);
}

Result<client::RpcResult> Conversation::rpc(client::CheckedRpc checked, RpcHandlers ours) {
    const Result<client::Session*> session = session_to_call();
    if (!session) return session.error();
    std::optional<Result<client::RpcResult>> result;
    std::unique_ptr<client::Rpc> rpc;
    Progress progress(io_, console_, [&rpc] { return progress_of(rpc ? rpc->call() : nullptr); });
    client::Rpc::Handlers handlers;
    handlers.done = [&](Result<client::RpcResult> made) { result.emplace(std::move(made)); };
    handlers.on_targets = [&](const client::RpcResult& so_far) {
        progress.clear();
        ours.on_targets(so_far);
    };
    handlers.before_send = ours.before_send;
    if (ours.on_reply) {
        handlers.on_reply = [&](const client::NodeReply& node, const client::RpcResult& so_far) {
            progress.clear();
            ours.on_reply(node, so_far);
        };
    }
    auto started = client::Rpc::start(**session, ddl_source_, std::move(checked), std::move(handlers));
    if (!started) return started.error();
    rpc = std::move(*started);
    run_until([&] { return result.has_value(); }, [&] { rpc->cancel(); });
    return std::move(*result);
}

Result<client::AgentDdl> Conversation::fetch_ddl(const std::string& agent,
                                                 const std::vector<std::string>& nodes) {
    const Result<client::Session*> session = this->session();
    if (!session) return session.error();
    std::optional<Result<client::AgentDdl>> result;
    auto fetch =
        client::DdlFetch::start(**session, ddl_source_, {agent, nodes},
                                [&](Result<client::AgentDdl> found) { result.emplace(std::move(found)); });
    if (!fetch) return fetch.error();
    run_until([&] { return result.has_value(); }, [&] { (*fetch)->cancel(); });
    return std::move(*result);
}

void Conversation::run_until(const std::function<bool()>& is_done, std::function<void()> cancel) {
    cancel_ = std::move(cancel);
    if (was_interrupted_) cancel_();
    while (!is_done()) {
        if (io_.stopped()) io_.restart();
        io_.run_one();
    }
    cancel_ = nullptr;
}

}  // namespace hocket::cli
