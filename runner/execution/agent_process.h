#pragma once

#include <filesystem>
#include <functional>

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

/// The answer to a call. `read` makes it of what the process left, when it exited by itself or replied before (exit code 0);
/// signal, deadline, limit and no start are the same under every contract. One that is not `ok` gets the end of stderr,
/// unless the DDL forbids it.
AgentResult answer_of(const agents::ValidCall& call, const process::Ended& ended,
                      const std::function<AgentResult(int exit_code)>& read);

}  // namespace hocket::execution
