#pragma once

#include <map>
#include <set>
#include <string>

#include "runner/agents/valid_call.h"
#include "runner/execution/surroundings.h"

namespace hocket::execution {

/// Who may run at the same time: so many on the node, so many of an agent, and one for each lock.
///
/// Thread: io thread only.
class Slots {
public:
    /// Takes all that the call needs, or nothing. Errors: busy, naming what there is not enough of.
    Result<void> take(const agents::ValidCall& call, const ExecutionLimits& limits);

    /// Of a call that had them.
    void give_back(const agents::ValidCall& call);

    /// Calls that have theirs.
    int taken() const { return taken_; }

private:
    int taken_ = 0;
    std::map<std::string, int> by_agent_;  ///< by title
    std::set<std::string> locks_;
};

}  // namespace hocket::execution
