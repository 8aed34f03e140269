#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/base/clock.h"
#include "core/process/supervisor.h"
#include "runner/execution/contract.h"

namespace hocket::execution {

/// Runs valid calls: built-in agents at once, others as processes by their contract. Over a limit of concurrency the
/// answer is `busy` at once; nothing waits in a queue.
///
/// Thread: io thread only.
/// Owns:   nothing; the supervisor and the contracts outlive it.
class Executor {
public:
    using Done = std::function<void(AgentResult)>;

    struct Parts {
        process::Supervisor& supervisor;
        Contracts contracts;
        const Clock& clock;
        std::string identity;
        std::string search_path;  ///< PATH of agents
    };

    Executor(Parts parts, ExecutionLimits limits) : parts_(std::move(parts)), limits_(limits) {}

    /// `done` is called exactly once; for built-in agents and refusals from inside of run().
    void run(agents::ValidCall call, Done done);

    /// Processes that run or are being ended.
    int running() const { return running_; }

    void set_limits(ExecutionLimits limits) { limits_ = limits; }

    /// Answers every call that still runs, whose processes are left to themselves: for a stop that has waited enough.
    void abandon();

private:
    struct Running;

    std::string home();
    Result<void> check_capacity(const agents::InstalledAgent& agent) const;
    void start(std::shared_ptr<Running> running);

    Parts parts_;
    ExecutionLimits limits_;
    std::string home_;  ///< of our own user; empty: not known yet
    int running_ = 0;
    std::map<std::string, int> running_by_agent_;
    std::map<std::string, std::shared_ptr<Running>> calls_;  ///< by execution id
};

}  // namespace hocket::execution
