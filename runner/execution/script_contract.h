#pragma once

#include <filesystem>

#include "core/base/log.h"
#include "runner/execution/contract.h"

namespace hocket::execution {

/// Contract `script`: an unchanged program for each request (spec/agent.md, scripts). Its arguments come from the DDL's
/// template, its outputs from what it prints and from its exit code; it has no descriptor 3.
class ScriptContract final : public Contract {
public:
    /// `exec_helper` is hocket-exec, for agents that run as another user.
    ScriptContract(std::filesystem::path exec_helper, Log& log)
        : exec_helper_(std::move(exec_helper)), log_(log) {}

    Result<process::Spec> prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                  const ExecutionLimits& limits) const override;
    AgentResult interpret(const agents::ValidCall& call, const process::Ended& ended) const override;

private:
    std::filesystem::path exec_helper_;
    Log& log_;
};

}  // namespace hocket::execution
