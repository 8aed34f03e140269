#include "runner/agents/valid_call.h"

#include <algorithm>
#include <span>

#include "core/base/text.h"
#include "core/ddl/values.h"

namespace hocket::agents {

namespace {

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
    const std::string near = nearest(word, candidates);
    return near.empty() ? "" : "; did you mean '" + near + "'?";
}

std::string list_of(const std::vector<std::string>& names) {
    constexpr std::size_t most = 20;
    if (names.size() <= most) return join(names, ", ");
    return join(std::span(names).first(most), ", ") + " and " + std::to_string(names.size() - most) + " more";
}

Error unknown_action(const InstalledAgent& agent, const std::string& action) {
    std::vector<std::string> actions;
    for (const ddl::Action& known : agent.ddl.actions)
        actions.push_back(known.name);
    const std::string near = suggestion(action, actions);
    return {ErrorCode::unknown_action,
            "agent '" + agent.ddl.metadata.name + "' has no action '" + action + "'" +
                (near.empty() ? "; it has " + list_of(actions) : near),
            {}};
}

}  // namespace

Error unknown_agent(const std::string& agent, const AgentStore& store) {
    const std::string text =
        store.is_refused(agent) ? "this node has an agent '" + agent +
                                      "' and cannot load it: `hocketd check` there, or its log, says why"
                                : "this node has no agent '" + agent + "'" + suggestion(agent, store.names());
    return {ErrorCode::unknown_agent, text, {}};
}

Result<ValidCall> ValidCall::check(admission::AdmittedRequest admitted, const AgentStore& store) {
    ValidCall call(std::move(admitted));
    const wire::Request& request = call.request();
    call.agent_ = store.find(request.agent);
    if (!call.agent_) return unknown_agent(request.agent, store);
    call.action_ = call.agent_->ddl.find(request.action);
    if (call.action_ == nullptr) return unknown_action(*call.agent_, request.action);
    if (request.noop && !call.action_->noop) {
        return Error{ErrorCode::unsupported,
                     "action '" + request.action + "' does not declare noop, so it was not run at all",
                     {}};
    }
    if (request.delivery == wire::Delivery::queued) {
        return Error{ErrorCode::unsupported, "this node takes no queued requests", {}};
    }
    Result<Json> inputs = ddl::check_inputs(*call.action_, request.inputs.reveal(), ddl::Defaults::apply);
    if (!inputs) return inputs.error();
    call.inputs_ = std::move(*inputs);
    return call;
}

Result<ValidCall> ValidCall::query(const ValidCall& asking, std::shared_ptr<const InstalledAgent> plugin,
                                   const Json& inputs) {
    ValidCall call(asking.admitted_);
    call.agent_ = std::move(plugin);
    call.action_ = call.agent_->ddl.find(ddl::k_query);
    call.asking_timeout_ms_ = asking.timeout_ms();
    Result<Json> checked = ddl::check_inputs(*call.action_, inputs, ddl::Defaults::apply);
    if (!checked) return checked.error();
    call.inputs_ = std::move(*checked);
    return call;
}

std::int64_t ValidCall::timeout_ms() const {
    const std::int64_t allowed = std::int64_t{1000} * agent_->ddl.timeout_s(*action_);
    return std::min({allowed, request().timeout_ms, asking_timeout_ms_});
}

}  // namespace hocket::agents
