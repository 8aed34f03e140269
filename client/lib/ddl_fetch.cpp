#include "client/lib/ddl_fetch.h"

#include <algorithm>

#include "client/lib/targets.h"
#include "core/base/text.h"

namespace hocket::client {

namespace {

constexpr std::size_t k_asked_at_once = 3;
constexpr std::size_t k_asked_nodes = 9;

/// The answer to any other request would be the same.
bool refuses_everything(Outcome outcome) {
    return outcome == Outcome::expired || outcome == Outcome::clock_skew || outcome == Outcome::draining;
}

}  // namespace

DdlFetch::DdlFetch(Session& session, const DdlSource& source, Wanted wanted, DoneHandler done)
    : session_(session), source_(source), wanted_(std::move(wanted)), done_(std::move(done)) {
    if (wanted_.nodes.size() > k_asked_nodes) wanted_.nodes.resize(k_asked_nodes);
}

Result<std::unique_ptr<DdlFetch>> DdlFetch::start(Session& session, const DdlSource& source, Wanted wanted,
                                                  DoneHandler done) {
    std::unique_ptr<DdlFetch> fetch(new DdlFetch(session, source, std::move(wanted), std::move(done)));
    if (Result<void> asked = fetch->ask(); !asked) return asked.error();
    return fetch;
}

Result<void> DdlFetch::ask() {
    const std::size_t count = std::min(k_asked_at_once, wanted_.nodes.size() - asked_);
    const auto first = wanted_.nodes.begin() + static_cast<std::ptrdiff_t>(asked_);
    asked_ += count;
    wire::Request request = session_.new_request("rpcutil", "agent_ddl");
    request.inputs = {{"agent", wanted_.agent}};
    request.timeout_ms = session_.config().discovery.max_ms;
    CallPlan plan = plan_direct_call(session_, std::move(request),
                                     {first, first + static_cast<std::ptrdiff_t>(count)}, false);
    plan.wait = std::chrono::milliseconds(session_.config().discovery.max_ms);

    call_.reset();  // one call at a time has the reply line
    auto call = Call::start(session_, std::move(plan),
                            {[this](const CallResult& result) { on_done(result); },
                             [this](const NodeReply& node) { on_reply(node); }});
    if (!call) return call.error();
    call_ = std::move(*call);
    return {};
}

void DdlFetch::on_reply(const NodeReply& node) {
    const wire::Reply& reply = node.reply;
    if (!refuses_everything(reply.outcome)) was_answered_ = true;
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
    if (!wanted_.digest.empty() && digest->get_ref<const std::string&>() != wanted_.digest) {
        reasons_.push_back(reply.identity + ": it has another description than most nodes");
        return;
    }
    Result<AgentDdl> accepted =
        source_.accept(wanted_.agent, digest->get<std::string>(), text->get<std::string>(), reply.identity);
    if (!accepted) {
        reasons_.push_back(accepted.error().message);
        return;
    }
    found_ = std::move(*accepted);
    call_->cancel();
}

void DdlFetch::on_done(const CallResult& result) {
    for (const MissingNode& node : result.missing)
        reasons_.push_back(node.identity + ": " + node.reason);
    if (!found_ && !result.cancelled && asked_ < wanted_.nodes.size()) {
        const Result<void> asked = ask();
        if (asked) return;
        reasons_.push_back(asked.error().message);
    }
    // The handler may destroy us.
    const DoneHandler done = std::move(done_);
    if (found_) return done(std::move(*found_));
    done(Error{ErrorCode::unknown_agent,
               "no node gave the DDL of agent '" + wanted_.agent + "': " + join(reasons_, "; "),
               {}});
}

}  // namespace hocket::client
