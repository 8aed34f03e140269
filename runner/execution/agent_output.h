#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/log.h"
#include "core/ddl/model.h"
#include "runner/agents/valid_call.h"
#include "runner/execution/agent_result.h"

namespace hocket::execution {

/// An `ok` whose data was held against the DDL.
struct CheckedOutputs {
    AgentResult result;                   ///< invalid_output when they break it
    std::vector<std::string> undeclared;  ///< names that pass although the DDL does not know them
    std::vector<Violation> warnings;      ///< what breaks the DDL of an agent without a `run` block
};

CheckedOutputs check_outputs(const ddl::Agent& agent, const ddl::Action& action, AgentResult result);

/// What passed, and yet somebody should know.
void log_outputs(const CheckedOutputs& checked, const ddl::Agent& agent, const ddl::Action& action, Log& log);

/// What it says without the values of the call's sensitive inputs; its outputs as they are.
AgentResult without_secrets(const agents::ValidCall& call, AgentResult result);

/// In the place of what an agent printed for an action with sensitive fields: a secret may be in it.
std::string not_shown(std::size_t bytes);

/// What an agent printed is not what its contract wants. Quotes it, unless the action has sensitive fields.
AgentResult bad_reply(const ddl::Action& action, std::string_view output, const std::string& reason);

/// The same of what may hold something of another caller's request: it is not quoted.
AgentResult bad_reply_of_another(std::string_view output, const std::string& reason);

}  // namespace hocket::execution
