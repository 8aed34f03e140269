#include "runner/execution/slots.h"

#include <algorithm>
#include <optional>

namespace hocket::execution {

namespace {

Error busy(const std::string& what, int limit) {
    return {ErrorCode::busy,
            what + " runs " + std::to_string(limit) + (limit == 1 ? " request" : " requests") +
                " already, its limit; ask again",
            {}};
}

std::optional<int> limit_of(const ddl::Run& run) {
    if (run.contract != ddl::Contract::worker) return run.max_parallel;
    const int of_workers = run.worker.processes * run.worker.in_flight;
    return std::min(of_workers, run.max_parallel.value_or(of_workers));
}

}  // namespace

Result<void> Slots::take(const agents::ValidCall& call, const ExecutionLimits& limits) {
    const ddl::Agent& agent = call.agent().ddl;
    const std::string title = call.agent().title();
    const std::string& lock = agent.lock_of(call.action());
    const std::optional<int> limit = limit_of(agent.run);
    const auto of_agent = by_agent_.find(title);
    const int running = of_agent == by_agent_.end() ? 0 : of_agent->second;
    if (taken_ >= limits.max_parallel) return busy("this node", limits.max_parallel);
    if (limit && running >= *limit) return busy(title, *limit);
    if (locks_.contains(lock)) {
        return Error{ErrorCode::busy,
                     "another request holds the lock '" + lock + "' (`exclusive` in the DDL); ask again",
                     {}};
    }
    ++taken_;
    ++by_agent_[title];
    if (!lock.empty()) locks_.insert(lock);
    return {};
}

void Slots::give_back(const agents::ValidCall& call) {
    const ddl::Agent& agent = call.agent().ddl;
    --taken_;
    const std::string title = call.agent().title();
    if (--by_agent_[title] == 0) by_agent_.erase(title);
    locks_.erase(agent.lock_of(call.action()));
}

}  // namespace hocket::execution
