#pragma once

#include <functional>
#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/process/supervisor.h"
#include "core/process/watch.h"
#include "runner/execution/activation.h"
#include "runner/execution/contracts.h"
#include "runner/execution/job.h"
#include "runner/execution/observer.h"
#include "runner/execution/one_shots.h"
#include "runner/execution/slots.h"
#include "runner/execution/standby.h"
#include "runner/execution/surroundings.h"
#include "runner/execution/workers.h"

namespace hocket::execution {

/// Runs valid calls: built-in agents at once, others as processes by their contract, when they get the places that they
/// need. Until then they wait in the order of their arrival, so many and so long as the limits allow, and never beyond the
/// time in which their request may start; then the answer is `busy`.
///
/// Thread: io thread only.
/// Owns:   everything that runs agents but the supervisor, which outlives it.
class Executor {
public:
    using Done = std::function<void(AgentResult)>;

    struct Parts {
        boost::asio::any_io_executor executor;
        process::Supervisor& supervisor;
        const Clock& clock;
        Log& log;
        Observer* observer = nullptr;
    };

    Executor(Parts parts, Surroundings surroundings);
    Executor(const Executor&) = delete;
    Executor& operator=(const Executor&) = delete;

    /// `done` is called exactly once; for built-in agents and refusals from inside of run().
    void run(agents::ValidCall call, Done done);

    /// Calls that wait, run, or whose processes are being ended.
    int running() const { return slots_.taken() + static_cast<int>(waiting_.size()); }

    /// Of those, the ones that wait for their places.
    int waiting() const { return static_cast<int>(waiting_.size()); }
    const Standby& standby() const { return standby_; }
    const Workers& workers() const { return workers_; }

    /// If they are others, processes that were started ahead under the old ones are replaced.
    void set_limits(ExecutionLimits limits);

    /// The agents that there are from now on. No process that was started for others is used any more: workers answer what
    /// they have and go, and who waits on standby is replaced.
    void serve(std::vector<std::shared_ptr<const agents::InstalledAgent>> agents);

    /// Asks an agent that decides itself whether it serves on this node (InstalledAgent::decides_itself()).
    void ask_to_activate(std::shared_ptr<const agents::InstalledAgent> agent, Activation::Done done);

    /// Answers every call that still waits or runs, whose processes are left to themselves: for a stop that has waited
    /// enough.
    void abandon();

private:
    struct Waiting {
        std::shared_ptr<Job> job;
        std::chrono::steady_clock::time_point since;
        std::chrono::steady_clock::time_point until;
        std::string reason;  ///< what it lacks
    };

    std::string home();
    std::chrono::steady_clock::time_point patience_of(const agents::ValidCall& call,
                                                      const ExecutionContext& context) const;
    void enqueue(std::shared_ptr<Job> job, const Error& reason);
    void run_builtin(builtin::BuiltinAgent& agent, const agents::ValidCall& call, Done done);
    void start(const std::shared_ptr<Job>& job);
    void start_waiting();
    void refuse_impatient();
    void arm_patience();
    void on_over(const std::shared_ptr<Job>& job);

    Parts parts_;
    Surroundings surroundings_;
    Contracts contracts_;
    Activation activation_;
    Slots slots_;
    Standby standby_;
    OneShots one_shots_;
    Workers workers_;
    std::vector<std::shared_ptr<const agents::InstalledAgent>> agents_;
    std::set<std::shared_ptr<Job>> jobs_;  ///< that run
    std::list<Waiting> waiting_;
    bool is_starting_ = false;
    process::Timer patience_;
};

}  // namespace hocket::execution
