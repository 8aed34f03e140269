#pragma once

#include "core/base/log.h"
#include "runner/execution/contract.h"
#include "runner/execution/script_contract.h"

namespace hocket::execution {

/// Contract `nagios`: an unchanged monitoring plugin for each request (spec/agent.md, nagios). It is started as a script is;
/// its exit code, text and performance data are the outputs.
class NagiosContract final : public Contract {
public:
    explicit NagiosContract(Log& log) : script_(log), log_(log) {}

    Result<process::Spec> prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                  const Surroundings& surroundings) const override {
        return script_.prepare(call, context, surroundings);
    }
    AgentResult interpret(const agents::ValidCall& call, const process::Ended& ended) const override;

private:
    ScriptContract script_;
    Log& log_;
};

}  // namespace hocket::execution
