#pragma once

#include <string>

#include "runner/execution/executor.h"
#include "runner/node_state.h"

namespace hocket {

/// What hocketd is doing. `stopped` is what the last one has left behind.
enum class Phase { running, draining, stopped };

/// The status file's text: one JSON object that a monitoring check can read without asking the daemon.
std::string status_text(const NodeState& node, std::int64_t now_ms, const execution::Executor& executor,
                        Phase phase);

}  // namespace hocket
