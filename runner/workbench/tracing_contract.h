#pragma once

#include <optional>

#include "runner/execution/contract.h"

namespace hocket::workbench {

/// Another contract, and what went in and came out the last time.
class TracingContract final : public execution::Contract {
public:
    explicit TracingContract(const execution::Contract& contract) : contract_(contract) {}

    Result<process::Spec> prepare(const agents::ValidCall& call, const execution::ExecutionContext& context,
                                  const execution::ExecutionLimits& limits) const override {
        Result<process::Spec> spec = contract_.prepare(call, context, limits);
        if (spec) spec_ = *spec;
        return spec;
    }

    execution::AgentResult interpret(const agents::ValidCall& call,
                                     const process::Ended& ended) const override {
        ended_ = ended;
        return contract_.interpret(call, ended);
    }

    const std::optional<process::Spec>& spec() const { return spec_; }
    const std::optional<process::Ended>& ended() const { return ended_; }

private:
    const execution::Contract& contract_;
    mutable std::optional<process::Spec> spec_;
    mutable std::optional<process::Ended> ended_;
};

}  // namespace hocket::workbench
