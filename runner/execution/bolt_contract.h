#pragma once

#include "core/base/log.h"
#include "runner/execution/contract.h"

namespace hocket::execution {

/// Contract `bolt`: a task of Puppet Bolt as it is, a fresh process for each request (spec/agent.md, bolt). It gets its parameters
/// as JSON on stdin, as variables PT_NAME, or both, and prints its result.
class BoltContract final : public Contract {
public:
    explicit BoltContract(Log& log) : log_(log) {}

    Result<process::Spec> prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                  const Surroundings& surroundings) const override;
    AgentResult interpret(const agents::ValidCall& call, const process::Ended& ended) const override;

private:
    Log& log_;
};

}  // namespace hocket::execution
