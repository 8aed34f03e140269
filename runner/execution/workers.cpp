#include "runner/execution/workers.h"

#include <algorithm>

#include "core/wire/request_id.h"

namespace hocket::execution {

void Workers::run(std::shared_ptr<Job> job) {
    const Agent agent = job->call.shared_agent();
    const std::shared_ptr<WorkerProcess> worker = worker_for(agent);
    worker->give(std::move(job));
    if (!agents_.contains(agent)) worker->retire();
}

/// One that has nothing to do; else a new one; else the one with the least to do.
std::shared_ptr<WorkerProcess> Workers::worker_for(const Agent& agent) {
    const Pool before = pools_[agent];
    for (const auto& worker : before) {
        const bool is_reading = worker->is_reading();
        if (!is_reading) {
            parts_.log.warn("a worker reads no more requests, and is replaced",
                            {{"agent", agent->ddl.metadata.name}});
        }
        if (!is_reading || !worker->is_current()) worker->retire();
    }
    const Pool& pool = pools_[agent];
    const auto roomiest = std::ranges::max_element(pool, {}, &WorkerProcess::room);
    const int room = roomiest == pool.end() ? 0 : (*roomiest)->room();
    const ddl::Worker& wanted = agent->ddl.run.worker;
    const bool may_start = static_cast<int>(pool.size()) < wanted.processes;
    if (room == 0 || (room < wanted.in_flight && may_start)) return start(agent);
    return *roomiest;
}

std::shared_ptr<WorkerProcess> Workers::start(const Agent& agent) {
    std::shared_ptr<WorkerProcess>& worker = pools_[agent].emplace_back();
    worker = std::make_shared<WorkerProcess>(parts_, agent,
                                             [this, agent, place = &worker] { forget(agent, place->get()); });
    worker->start(wire::new_request_id(clock_.wall_ms()));
    return worker;
}

void Workers::forget(const Agent& agent, const WorkerProcess* worker) {
    const auto pool = pools_.find(agent);
    if (pool == pools_.end()) return;
    std::erase_if(pool->second, [worker](const auto& each) { return each.get() == worker; });
    if (pool->second.empty()) pools_.erase(pool);
}

void Workers::serve(const std::vector<std::shared_ptr<const agents::InstalledAgent>>& agents) {
    agents_ = {agents.begin(), agents.end()};
    for (const auto& [agent, pool] : std::map(pools_)) {
        for (const auto& worker : pool)
            worker->retire();
    }
}

std::vector<pid_t> Workers::pids() const {
    std::vector<pid_t> pids;
    for (const auto& [agent, pool] : pools_) {
        for (const auto& worker : pool)
            pids.push_back(worker->pid());
    }
    return pids;
}

}  // namespace hocket::execution
