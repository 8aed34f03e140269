#include "runner/execution/agent_output.h"

#include <utility>

#include "core/base/text.h"
#include "core/ddl/redact.h"
#include "core/ddl/values.h"

namespace hocket::execution {

CheckedOutputs check_outputs(const ddl::Agent& agent, const ddl::Action& action, AgentResult result) {
    ddl::OutputCheck checked = ddl::check_outputs(action, result.data);
    if (!checked.violations.empty() && agent.has_run) {
        std::vector<std::string> reasons;
        for (const Violation& violation : checked.violations)
            reasons.push_back(violation.message);
        return {
            refusal({ErrorCode::invalid_output, "the agent's outputs break its DDL: " + join(reasons, "; "),
                     std::move(checked.violations)}),
            std::move(checked.undeclared),
            {}};
    }
    result.data = std::move(checked.data);
    return {std::move(result), std::move(checked.undeclared), std::move(checked.violations)};
}

void log_outputs(const CheckedOutputs& checked, const ddl::Agent& agent, const ddl::Action& action,
                 Log& log) {
    for (const std::string& name : checked.undeclared) {
        log.debug("an output is not declared", {{"agent", agent.metadata.name},
                                                {"action", action.name},
                                                {"output", action.has_sensitive_fields() ? "***" : name}});
    }
    for (const Violation& violation : checked.warnings) {
        log.warn("outputs break the agent's DDL",
                 {{"agent", agent.metadata.name}, {"action", action.name}, {"reason", violation.message}});
    }
}

AgentResult without_secrets(const agents::ValidCall& call, AgentResult result) {
    const ddl::SecretsRemoved secrets(call.action(), call.inputs());
    if (secrets.empty()) return result;
    result.statusmsg = secrets.from(result.statusmsg);
    if (result.error) {
        result.error->message = secrets.from(result.error->message);
        result.error->details = secrets.from(result.error->details);
    }
    return result;
}

std::string not_shown(std::size_t bytes) {
    return "(" + std::to_string(bytes) + " bytes, not shown because the action has sensitive fields)";
}

AgentResult bad_reply_of_another(std::string_view output, const std::string& reason) {
    return refusal({ErrorCode::bad_reply,
                    "the agent's output is not a reply: " + reason + " (" + std::to_string(output.size()) +
                        " bytes, not shown because they may belong to another request)",
                    {}});
}

AgentResult bad_reply(const ddl::Action& action, std::string_view output, const std::string& reason) {
    std::string message = "the agent's output is not a reply: " + reason;
    if (action.has_sensitive_fields()) {
        message += ' ' + not_shown(output.size());
    } else if (!output.empty()) {
        message += "; it printed " + quote_bytes(output);
    }
    return refusal({ErrorCode::bad_reply, message, {}});
}

}  // namespace hocket::execution
