#pragma once

#include <functional>

#include "runner/agents/valid_call.h"
#include "runner/execution/agent_output.h"
#include "runner/execution/surroundings.h"

namespace hocket::execution {

/// A call on its way through execution: it waits for its places (Slots), or has them and runs. Shared by those who may end it;
/// the first one does.
struct Job {
    agents::ValidCall call;
    ExecutionContext context;
    std::function<void(AgentResult)> done;  ///< empty: it was called
    std::function<void()> over;             ///< its places are free again; once, after `done`

    void finish(AgentResult result) {
        if (done) std::exchange(done, nullptr)(without_secrets(call, std::move(result)));
    }
};

}  // namespace hocket::execution
