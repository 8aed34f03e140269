#pragma once

#include "core/base/log.h"
#include "runner/execution/contract.h"

namespace hocket::execution {

/// Contract `script`: an unchanged program for each request (spec/agent.md, scripts). Its arguments come from the DDL's
/// template, its outputs from what it prints and from its exit code; it has no descriptor 3.
class ScriptContract final : public Contract {
public:
    explicit ScriptContract(Log& log) : log_(log) {}

    Result<process::Spec> prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                  const Surroundings& surroundings) const override;
    AgentResult interpret(const agents::ValidCall& call, const process::Ended& ended) const override;

private:
    Log& log_;
};

}  // namespace hocket::execution
