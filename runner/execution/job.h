#pragma once

#include <functional>

#include "runner/agents/valid_call.h"
#include "runner/execution/agent_result.h"
#include "runner/execution/surroundings.h"

namespace hocket::execution {

/// A call that has its places (Slots) and is to be run now. Shared by those who may end it; the first one does.
struct Job {
    agents::ValidCall call;
    ExecutionContext context;
    std::function<void(AgentResult)> done;  ///< empty: it was called
    std::function<void()> over;             ///< nothing of it runs any more; after `done`

    void finish(AgentResult result) {
        if (done) std::exchange(done, nullptr)(std::move(result));
    }
};

}  // namespace hocket::execution
