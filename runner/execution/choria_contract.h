#pragma once

#include <string>
#include <string_view>

#include "core/base/log.h"
#include "runner/execution/agent_output.h"
#include "runner/execution/contract.h"

namespace hocket::execution {

/// Contract `choria`: an external agent of Choria as it is, a fresh process for each request (spec/agent.md, choria). The
/// request, the reply and the facts are files; where the node says so, request and reply go through stdin and stdout.
/// After a load such an agent is asked whether it activates: whether it wants to serve on this node.
class ChoriaContract final : public Contract {
public:
    explicit ChoriaContract(Log& log) : log_(log) {}

    Result<process::Spec> prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                  const Surroundings& surroundings) const override;
    AgentResult interpret(const agents::ValidCall& call, const process::Ended& ended) const override;

    /// The process that is asked.
    process::Spec prepare_activation(const agents::InstalledAgent& agent, const ExecutionContext& context,
                                     const Surroundings& surroundings) const;

    /// Whether it activates. Errors: crashed, timeout, bad_reply, too_large.
    Result<bool> interpret_activation(const agents::InstalledAgent& agent, const process::Ended& ended) const;

private:
    CheckedOutputs read(const agents::ValidCall& call, const process::Ended& ended, int exit_code) const;
    void log_lines(const agents::InstalledAgent& agent, const process::Ended& ended) const;

    Log& log_;
};

}  // namespace hocket::execution
