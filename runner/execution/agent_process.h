#pragma once

#include <filesystem>
#include <optional>

#include "core/process/ended.h"
#include "core/process/spec.h"
#include "runner/execution/agent_result.h"
#include "runner/execution/contract.h"

namespace hocket::execution {

/// What is the same under every contract with a process for each call: environment, limits, user, deadline, and what becomes
/// of leftovers. Executable, arguments and input are the contract's own.
/// `exec_helper` is hocket-exec, for agents that run as another user.
process::Spec agent_process(const agents::ValidCall& call, const ExecutionContext& context,
                            const ExecutionLimits& limits, const std::filesystem::path& exec_helper);

/// The answer to a call whose process did not exit by itself, nor reply before: signal, deadline, limit, no start.
std::optional<AgentResult> refusal_of_end(const agents::ValidCall& call, const process::Ended& ended);

/// Adds the end of stderr to an answer that is not `ok`, unless the DDL forbids it.
void add_stderr(AgentResult& result, const agents::ValidCall& call, const process::Ended& ended);

}  // namespace hocket::execution
