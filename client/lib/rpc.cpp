#include "client/lib/rpc.h"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "core/base/names.h"
#include "core/base/text.h"

namespace hocket::client {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_first_busy_pause{200};
constexpr milliseconds k_longest_busy_pause{2000};

/// When nobody said how long the action may take: as long as common actions take.
constexpr milliseconds k_undescribed_wait = std::chrono::minutes(10);

Error interrupted(const std::string& when) {
    return {ErrorCode::interrupted, "interrupted " + when + "; nothing was sent", {}};
}

}  // namespace

Result<CheckedRpc> CheckedRpc::check(RpcQuery query, const DdlSource& source) {
    for (const std::string& name : {query.agent, query.action}) {
        if (is_agent_name(name)) continue;
        return Error{ErrorCode::usage, quote_bytes(name) + " is not the name of an agent or action", {}};
    }
    CheckedRpc checked(std::move(query));
    const Result<std::optional<AgentDdl>> own = source.in_folders(checked.query_.agent);
    if (!own) return own.error();
    if (*own) {
        if (Result<void> used = checked.use(**own); !used) return used.error();
    }
    return checked;
}

Result<void> CheckedRpc::use(const AgentDdl& ddl) {
    Result<ddl::Action> action = find_action(ddl.agent, query_.action);
    if (!action) return action.error();
    Result<Inputs> inputs =
        std::visit([&](const auto& given) { return make_inputs(*action, given); }, query_.inputs);
    if (!inputs) return inputs.error();
    inputs_ = std::move(*inputs);
    timeout_s_ = ddl.agent.timeout_s(*action);
    if (ddl.agent.run.grace_s) grace_ = std::chrono::seconds(*ddl.agent.run.grace_s);
    action_ = std::move(*action);
    return {};
}

Result<void> CheckedRpc::use_no_ddl() {
    Result<Inputs> inputs =
        std::visit([](const auto& given) { return make_inputs_without_ddl(given); }, query_.inputs);
    if (!inputs) return inputs.error();
    inputs_ = std::move(*inputs);
    return {};
}

Ending ending_of(const RpcResult& result) {
    Ending ending = result.discovery
                        ? ending_of(result.call, result.discovery->nodes.size(), result.discovery->refusals)
                        : ending_of(result.call, std::nullopt);
    ending.interrupted = result.cancelled;
    return ending;
}

Result<std::unique_ptr<Rpc>> Rpc::start(Session& session, const DdlSource& source, CheckedRpc checked,
                                        Handlers handlers) {
    std::unique_ptr<Rpc> rpc(new Rpc(session, source, std::move(checked), std::move(handlers)));
    if (Result<void> begun = rpc->find_nodes(); !begun) return begun.error();
    return rpc;
}

Rpc::Rpc(Session& session, const DdlSource& source, CheckedRpc checked, Handlers handlers)
    : session_(session),
      source_(source),
      checked_(std::move(checked)),
      handlers_(std::make_shared<Handlers>(std::move(handlers))),
      pause_(session.io()),
      next_pause_(k_first_busy_pause) {
    result_.call.request.agent = checked_.query().agent;
    result_.call.request.action = checked_.query().action;
    result_.action = checked_.action();
}

void Rpc::cancel() {
    result_.cancelled = true;
    if (discovery_) discovery_->cancel();
    if (fetch_) fetch_->cancel();
    if (call_) call_->cancel();
    if (pause_.is_armed()) pause_.arm(milliseconds(0), [this] { finish(std::move(result_)); });
}

Result<void> Rpc::find_nodes() {
    const RpcQuery& query = checked_.query();
    if (const std::optional<Targets> named = named_targets(query.filter)) {
        result_.targets = named->identities;
        return describe("");
    }
    Result<filter::Filter> extended = with_agent(query.filter, query.agent);
    if (!extended) return extended.error();
    auto discovery = Discovery::start(
        session_, {std::move(*extended), query.agent},
        {[this](Result<DiscoveryResult> found) { on_discovered(std::move(found)); }, handlers_->on_node});
    if (!discovery) return discovery.error();
    discovery_ = std::move(*discovery);
    return {};
}

void Rpc::on_discovered(Result<DiscoveryResult> found) {
    // It calls us: it goes when the next step has begun, or with us.
    const std::unique_ptr<Discovery> over = std::move(discovery_);
    if (!found) return finish(found.error());
    if (result_.cancelled) return finish(interrupted("during discovery"));
    const Targets targets = discovered_targets(*found);
    result_.discovery = std::move(*found);
    result_.targets = targets.identities;
    if (!targets.identities.empty()) return go_on(describe(targets.ddl_digest));
    if (handlers_->on_targets) handlers_->on_targets(result_);
    finish(std::move(result_));
}

Result<void> Rpc::describe(const std::string& ddl_digest) {
    if (checked_.inputs()) return send();
    const std::optional<AgentDdl> cached = source_.cached(checked_.query().agent, ddl_digest);
    if (!cached) return fetch_ddl(ddl_digest);
    if (Result<void> used = checked_.use(*cached); !used) return used;
    return send();
}

Result<void> Rpc::fetch_ddl(const std::string& digest) {
    auto fetch = DdlFetch::start(session_, source_, {checked_.query().agent, result_.targets, digest},
                                 [this](const Result<AgentDdl>& ddl) { on_ddl(ddl); });
    if (!fetch) return fetch.error();
    fetch_ = std::move(*fetch);
    return {};
}

void Rpc::on_ddl(const Result<AgentDdl>& ddl) {
    nodes_answer_ = fetch_->was_answered();
    fetch_.reset();  // the reply line is free for the call
    if (result_.cancelled) return finish(interrupted("before the agent's description was there"));
    if (!ddl) result_.undescribed = ddl.error().message;
    const Result<void> used = ddl ? checked_.use(*ddl) : use_without_nodes();
    go_on(used ? send() : used);
}

Result<void> Rpc::use_without_nodes() {
    const std::optional<AgentDdl> old = source_.last_cached(checked_.query().agent);
    if (old) result_.old_description = old->place;
    Result<void> used = old ? checked_.use(*old) : checked_.use_no_ddl();
    if (used) return used;
    const std::string old_text =
        old ? "; an old description is used: " + old->place + " (delete it to send inputs unchecked)" : "";
    return used.error().within(result_.undescribed + old_text);
}

Result<void> Rpc::send() {
    result_.action = checked_.action();
    if (handlers_->on_targets) handlers_->on_targets(result_);
    if (result_.cancelled) return interrupted("before the call");
    if (handlers_->before_send) {
        if (Result<void> agreed = handlers_->before_send(result_); !agreed) return agreed;
    }
    const Targets targets{result_.targets, result_.discovery.has_value(), ""};
    return ask(plan_call(session_, make_request(), targets, checked_.inputs()->has_sensitive));
}

wire::Request Rpc::make_request() const {
    const RpcQuery& query = checked_.query();
    wire::Request request = session_.new_request(query.agent, query.action);
    request.inputs = checked_.inputs()->values;
    request.filter = query.filter;
    request.noop = query.noop;
    if (session_.config().timeout_ms) return request;
    // The node takes the smaller of this and its own DDL's: who does not know the DDL must not cut the action short.
    request.timeout_ms = wire::k_max_timeout_ms;
    if (checked_.timeout_s())
        request.timeout_ms = std::min(std::int64_t{*checked_.timeout_s()} * 1000, wire::k_max_timeout_ms);
    return request;
}

/// Without a DDL the request's timeout says nothing about when the reply comes. Nodes that answered when they were asked
/// for the DDL will answer this too: that is worth a long wait. From nodes that did not (they are gone, or do not know
/// the key) nothing is likely to come, and nobody should sit through it.
milliseconds Rpc::wait_for(const wire::Request& request) const {
    const milliseconds grace = std::max(checked_.grace(), k_usual_grace);
    if (session_.config().timeout_ms || checked_.timeout_s()) return longest_wait(request.timeout_ms, grace);
    return nodes_answer_ ? k_undescribed_wait : longest_wait(wire::Request().timeout_ms, grace);
}

Result<void> Rpc::ask(CallPlan plan) {
    plan.wait = wait_for(plan.request);
    Call::Handlers handlers{[this](CallResult result) { on_answered(std::move(result)); }, {}};
    if (handlers_->on_reply) {
        handlers.on_reply = [this](const NodeReply& node) { handlers_->on_reply(node, result_); };
    }
    auto call = Call::start(session_, std::move(plan), std::move(handlers));
    if (!call) return call.error();
    call_ = std::move(*call);
    return {};
}

void Rpc::on_answered(CallResult result) {
    const std::unique_ptr<Call> over = std::move(call_);
    if (has_answers_) {
        merge(result_.call, std::move(result));
    } else {
        result_.call = std::move(result);
        has_answers_ = true;
    }
    if (!retries_busy()) finish(std::move(result_));
}

/// Whether somebody is busy and there is time to ask again after a pause.
bool Rpc::retries_busy() {
    const std::vector<std::string> busy = identities_with(result_.call, Outcome::busy);
    const auto now = session_.clock().steady();
    if (!busy_since_) busy_since_ = now;
    const bool in_time = now + next_pause_ <= *busy_since_ + checked_.query().retry_busy;
    if (busy.empty() || !in_time || result_.cancelled) return false;
    pause_.arm(next_pause_, [this, busy, pause = next_pause_] {
        result_.call.elapsed += pause;
        ask_busy_again(busy);
    });
    next_pause_ = std::min(2 * next_pause_, k_longest_busy_pause);
    return true;
}

/// A node that was busy has not run the request: a new one is no repetition.
void Rpc::ask_busy_again(const std::vector<std::string>& busy) {
    wire::Request request = result_.call.request;
    const wire::Request fresh = session_.new_request(request.agent, request.action);
    request.id = fresh.id;
    request.issued_at = fresh.issued_at;
    go_on(ask(plan_direct_call(session_, std::move(request), busy, checked_.inputs()->has_sensitive)));
}

void Rpc::go_on(const Result<void>& step) {
    if (step) return;
    if (has_answers_) return finish(std::move(result_));  // what was answered is not to be lost
    finish(step.error());
}

void Rpc::finish(Result<RpcResult> result) {
    // The handler may destroy us.
    const std::shared_ptr<Handlers> handlers = handlers_;
    handlers->done(std::move(result));
}

}  // namespace hocket::client
