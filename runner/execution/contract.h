#pragma once

#include "core/process/ended.h"
#include "core/process/spec.h"
#include "runner/agents/valid_call.h"
#include "runner/execution/agent_result.h"
#include "runner/execution/surroundings.h"

namespace hocket::execution {

/// How a process for one call is started and how its output is understood (spec/agent.md): one class for each value of
/// `run.contract` that has such processes.
///
/// Thread: io thread only; no state between calls.
class Contract {
public:
    virtual ~Contract() = default;

    /// Errors: invalid_input, when the inputs cannot be given to the program.
    virtual Result<process::Spec> prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                          const Surroundings& surroundings) const = 0;

    virtual AgentResult interpret(const agents::ValidCall& call, const process::Ended& ended) const = 0;
};

}  // namespace hocket::execution
