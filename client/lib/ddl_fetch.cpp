#include "client/lib/ddl_fetch.h"

#include "client/lib/targets.h"
#include "core/base/text.h"

namespace hocket::client {

namespace {

constexpr std::size_t k_asked_nodes = 3;

}  // namespace

DdlFetch::DdlFetch(const DdlSource& source, std::string agent, DoneHandler done)
    : source_(source), agent_(std::move(agent)), done_(std::move(done)) {}

Result<std::unique_ptr<DdlFetch>> DdlFetch::start(Session& session, const DdlSource& source,
                                                  const std::string& agent,
                                                  const std::vector<std::string>& nodes, DoneHandler done) {
    std::vector<std::string> asked = nodes;
    if (asked.size() > k_asked_nodes) asked.resize(k_asked_nodes);
    wire::Request request = session.new_request("rpcutil", "agent_ddl");
    request.inputs = {{"agent", agent}};
    request.timeout_ms = session.config().discovery.max_ms;
    CallPlan plan = plan_direct_call(session, std::move(request), asked, false);
    plan.wait = std::chrono::milliseconds(session.config().discovery.max_ms);

    std::unique_ptr<DdlFetch> fetch(new DdlFetch(source, agent, std::move(done)));
    auto call = Call::start(session, std::move(plan),
                            {[self = fetch.get()](const CallResult& result) { self->on_done(result); },
                             [self = fetch.get()](const NodeReply& node) { self->on_reply(node); }});
    if (!call) return call.error();
    fetch->call_ = std::move(*call);
    return fetch;
}

void DdlFetch::on_reply(const NodeReply& node) {
    const wire::Reply& reply = node.reply;
    if (reply.outcome != Outcome::ok) {
        reasons_.push_back(reply.identity + ": " + (reply.error ? reply.error->message : reply.statusmsg));
        return;
    }
    const auto text = reply.data.find("ddl");
    const auto digest = reply.data.find("digest");
    const bool complete =
        text != reply.data.end() && text->is_string() && digest != reply.data.end() && digest->is_string();
    if (!complete) {
        reasons_.push_back(reply.identity + ": its answer has no 'ddl' and 'digest'");
        return;
    }
    Result<AgentDdl> accepted =
        source_.accept(agent_, digest->get<std::string>(), text->get<std::string>(), reply.identity);
    if (!accepted) {
        reasons_.push_back(accepted.error().message);
        return;
    }
    found_ = std::move(*accepted);
    call_->cancel();
}

void DdlFetch::on_done(const CallResult& result) {
    // The handler may destroy us.
    const DoneHandler done = std::move(done_);
    if (found_) return done(std::move(*found_));
    for (const MissingNode& node : result.missing)
        reasons_.push_back(node.identity + ": " + node.reason);
    done(Error{ErrorCode::unknown_agent,
               "no node gave the DDL of agent '" + agent_ + "': " + join(reasons_, "; "),
               {}});
}

}  // namespace hocket::client
