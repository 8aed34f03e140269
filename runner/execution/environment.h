#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "runner/agents/valid_call.h"

namespace hocket::execution {

/// One run of a call. `id` marks its whole process tree (HOCKET_EXECUTION_ID).
struct ExecutionContext {
    std::string id;
    std::string identity;
    std::string search_path;       ///< PATH of the agent
    std::string home;              ///< HOME of one that runs as our own user
    std::int64_t deadline_ms = 0;  ///< Unix: what the agent is told
    std::chrono::steady_clock::time_point deadline;
};

/// The complete environment of an agent's process, as NAME=VALUE (spec/agent.md, environment). Nothing of the
/// daemon's own goes in. Inputs are there as HOCKET_INPUT_<NAME>, upper case, save those that are sensitive, would
/// exceed 32 KiB in total, or hold U+0000: their names are in HOCKET_INPUT_OMITTED, which is set only then.
std::vector<std::string> agent_environment(const agents::ValidCall& call, const ExecutionContext& context);

/// The JSON object on stdin of contract `json` (spec/agent.md, request).
std::string agent_request(const agents::ValidCall& call, const ExecutionContext& context);

}  // namespace hocket::execution
