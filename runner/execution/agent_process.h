#pragma once

#include <functional>

#include "core/process/ended.h"
#include "core/process/spec.h"
#include "runner/agents/valid_call.h"
#include "runner/execution/agent_result.h"
#include "runner/execution/surroundings.h"

namespace hocket::execution {

/// What is the same under every contract: environment, limits, user, and what becomes of leftovers. Executable, arguments,
/// input and deadline are for others to say.
process::Spec agent_process(const agents::InstalledAgent& agent, std::string execution_id,
                            const Surroundings& surroundings);

/// The answer to a call that had a process to itself. `read` makes it of what the process left, when it exited by itself or
/// replied before (exit code 0); signal, deadline, limit and no start are the same under every contract. One that is not
/// `ok` gets the end of stderr, unless the DDL forbids it.
AgentResult answer_of(const agents::ValidCall& call, const process::Ended& ended,
                      const std::function<AgentResult(int exit_code)>& read);

/// "exit code 3", "signal 9 (Killed)", or why it did not start: of an end that is not for us to explain otherwise.
std::string text_of(const process::End& end);

/// The same, and whether it was for a limit: memory, processor time, the size of a file.
std::string text_of(const process::Ended& ended);

AgentResult timeout_of(const agents::ValidCall& call);
AgentResult too_large();

void add_stderr(const agents::ValidCall& call, std::string_view errors, AgentResult& result);

}  // namespace hocket::execution
