#pragma once

#include <string>

#include "core/base/log.h"
#include "runner/execution/agent_output.h"
#include "runner/execution/contract.h"

namespace hocket::execution {

/// Contract `json`: a fresh process for each request, one JSON object on stdin, one on descriptor 3 or stdout. And contract
/// `worker`, the same with lines, in one process for many requests.
class JsonContract final : public Contract {
public:
    explicit JsonContract(Log& log) : log_(log) {}

    Result<process::Spec> prepare(const agents::ValidCall& call, const ExecutionContext& context,
                                  const Surroundings& surroundings) const override;
    AgentResult interpret(const agents::ValidCall& call, const process::Ended& ended) const override;

    /// A process that is started for no certain call, with a pipe as stdin: it gets what stdin_of() or line_of() say.
    process::Spec prepare_ahead(const agents::InstalledAgent& agent, const ExecutionContext& context,
                                const Surroundings& surroundings) const;

    /// The whole stdin of a process for one call.
    std::string stdin_of(const agents::ValidCall& call, const ExecutionContext& context,
                         const std::string& identity) const;

    /// The line by which a worker gets a call; `id` of the context is to be in the reply.
    std::string line_of(const agents::ValidCall& call, const ExecutionContext& context,
                        const std::string& identity) const;

    /// A worker's reply to it, that was read from `line`.
    AgentResult interpret_line(const agents::ValidCall& call, Json object, std::string_view line) const;

private:
    AgentResult take(const agents::ValidCall& call, CheckedOutputs checked) const;

    Log& log_;
};

}  // namespace hocket::execution
