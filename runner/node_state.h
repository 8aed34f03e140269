#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/transport/transport.h"
#include "runner/agents/agent_store.h"
#include "runner/config.h"
#include "runner/node/classes.h"
#include "runner/node/facts.h"
#include "runner/statistics.h"

namespace hocket {

/// What this node is at the moment: what filters look at, and what the built-in agents tell.
///
/// Thread: io thread only.
/// Owns:   nothing but the counters and the keys; the daemon keeps the rest alive.
struct NodeState {
    const RunnerConfig* config = nullptr;  ///< replaced by a reload
    std::shared_ptr<const wire::NodeKeys>
        keys;  ///< replaced by a reload; a request keeps those that verified it
    agents::AgentStore& agents;
    node::Facts& facts;
    node::Classes& classes;
    transport::Transport& transport;
    Statistics statistics;
    std::int64_t started_at_ms = 0;
};

}  // namespace hocket
