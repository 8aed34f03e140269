#pragma once

#include <list>
#include <map>
#include <memory>
#include <set>
#include <sys/types.h>
#include <vector>

#include "core/base/clock.h"
#include "runner/execution/worker_process.h"

namespace hocket::execution {

/// The processes of contract `worker`, of all agents. One is started when a job comes and those that there are have no room;
/// Slots sees to it that no more jobs come than `processes` can take.
///
/// Thread: io thread only.
/// Owns:   the workers, as far as they serve; those that are on their way out own themselves.
class Workers {
public:
    Workers(WorkerProcess::Parts parts, const Clock& clock) : parts_(parts), clock_(clock) {}

    void run(std::shared_ptr<Job> job);

    /// These agents are the ones that there are now, and no process that was started before is to serve them: each answers what
    /// it has, and goes. A job of another agent, which has waited since before, has a process for itself.
    void serve(const std::vector<std::shared_ptr<const agents::InstalledAgent>>& agents);

    /// Those that take jobs.
    std::vector<pid_t> pids() const;
    int serving() const { return static_cast<int>(pids().size()); }

private:
    using Pool = std::list<std::shared_ptr<WorkerProcess>>;
    using Agent = std::shared_ptr<const agents::InstalledAgent>;

    std::shared_ptr<WorkerProcess> worker_for(const Agent& agent);
    std::shared_ptr<WorkerProcess> start(const Agent& agent);
    void forget(const Agent& agent, const WorkerProcess* worker);

    WorkerProcess::Parts parts_;
    const Clock& clock_;
    std::map<Agent, Pool> pools_;
    std::set<Agent> agents_;
};

}  // namespace hocket::execution
