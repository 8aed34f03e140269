#pragma once

#include <filesystem>
#include <string>

#include "core/base/log.h"
#include "runner/execution/contract.h"

namespace hocket::execution {

/// Contract `json`: a fresh process for each request, one JSON object on stdin, one on descriptor 3 or stdout.
class JsonContract final : public Contract {
public:
    /// `exec_helper` is hocket-exec, for agents that run as another user.
    JsonContract(std::filesystem::path exec_helper, Log& log)
        : exec_helper_(std::move(exec_helper)), log_(log) {}

    Result<process::Spec> prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                  const ExecutionLimits& limits) const override;
    AgentResult interpret(const agents::ValidCall& call, const process::Ended& ended) const override;

private:
    std::filesystem::path exec_helper_;
    Log& log_;
};

}  // namespace hocket::execution
