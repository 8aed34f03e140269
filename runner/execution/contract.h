#pragma once

#include "core/process/ended.h"
#include "core/process/spec.h"
#include "runner/execution/agent_result.h"
#include "runner/execution/environment.h"

namespace hocket::execution {

/// What the node's configuration and the broker allow every execution.
struct ExecutionLimits {
    int max_parallel = 16;
    std::size_t max_output_bytes = 1U << 20U;
    std::size_t max_stderr_bytes = 16U << 10U;
    int grace_ms = 5000;
    int drain_ms = 1000;
};

/// How an agent is started and how its output is understood (spec/agent.md): one class for each value of `run.contract`.
///
/// Thread: io thread only; no state between calls.
class Contract {
public:
    virtual ~Contract() = default;

    /// Errors: invalid_input, when the inputs cannot be given to the program.
    virtual Result<process::Spec> prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                          const ExecutionLimits& limits) const = 0;

    virtual AgentResult interpret(const agents::ValidCall& call, const process::Ended& ended) const = 0;
};

struct Contracts {
    const Contract& json;
    const Contract& script;

    const Contract& of(ddl::Contract contract) const {
        switch (contract) {
            case ddl::Contract::json: return json;
            case ddl::Contract::script: return script;
        }
        return json;
    }
};

}  // namespace hocket::execution
