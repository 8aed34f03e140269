#include "runner/execution/standby.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "core/process/proc.h"
#include "core/wire/request_id.h"
#include "runner/execution/agent_process.h"

namespace hocket::execution {

namespace {

using std::chrono::milliseconds;

constexpr int k_looks_in_a_calm = 6;

/// No program sends it to itself: it comes from outside, as from the kernel when memory is short.
bool is_kill(const process::End& end) {
    const auto* const signaled = std::get_if<process::Signaled>(&end);
    return signaled != nullptr && signaled->signal == SIGKILL;
}

/// It belongs to nobody any more.
void discard(Standby::Child& child) {
    child.listener = {.done = [](process::Ended) {}};
    child.handle.stop();
}

}  // namespace

Standby::Standby(Parts parts, Options options)
    : parts_(parts), options_(options), refill_timer_(parts_.executor), tend_timer_(parts_.executor) {}

// ---- who is served ---------------------------------------------------------------------------------------------------

void Standby::serve(const std::vector<std::shared_ptr<const agents::InstalledAgent>>& agents) {
    for (auto& [key, pool] : pools_)
        end_all(pool);
    pools_.clear();
    is_over_memory_ = false;
    const auto now = parts_.clock.steady();
    for (const auto& agent : agents) {
        if (agent->ddl.run.standby > 0)
            pools_.emplace(agent.get(), Pool{agent, {}, 1, false, false, 0, now, now, {}});
    }
    if (pools_.empty()) return tend_timer_.stop();
    refill_soon();
    tend_timer_.start(options_.calm / k_looks_in_a_calm, [this] { tend(); });
}

std::shared_ptr<Standby::Child> Standby::take(const agents::InstalledAgent& agent) {
    const auto found = pools_.find(&agent);
    if (found == pools_.end()) return nullptr;
    Pool& pool = found->second;
    pool.used_at = parts_.clock.steady();
    std::erase_if(pool.waiting, [](const std::shared_ptr<Child>& each) {
        if (each->stamp.is_current()) return false;
        discard(*each);
        return true;
    });
    // One that has ended stays until that is told: then standby is switched off.
    const auto ready = std::ranges::find_if(
        pool.waiting, [](const std::shared_ptr<Child>& each) { return each->handle.is_running(); });
    std::shared_ptr<Child> child;
    if (ready == pool.waiting.end()) {
        pool.wanted = std::min(pool.wanted + 1, agent.ddl.run.standby);
    } else {
        child = *ready;
        pool.waiting.erase(ready);
    }
    if (pool.waiting.empty()) pool.calm_since = pool.used_at;
    refill_soon();
    return child;
}

void Standby::employ(Child& child, std::string input, std::chrono::steady_clock::time_point deadline,
                     process::Listener listener) {
    child.listener = std::move(listener);
    child.handle.write(std::move(input));
    child.handle.close_input();
    child.handle.set_deadline(deadline);
}

// ---- starting and ending ---------------------------------------------------------------------------------------------

void Standby::start_one(Pool& pool) {
    const agents::InstalledAgent* const agent = pool.agent.get();
    const ExecutionContext context{wire::new_request_id(parts_.clock.wall_ms()), 0, {}};
    process::Spec spec = parts_.json.prepare_ahead(*agent, context, parts_.surroundings);
    const auto child = std::make_shared<Child>(Child{context.id,
                                                     spec,
                                                     {},
                                                     {agent->executable, parts_.surroundings.search_path},
                                                     parts_.clock.steady(),
                                                     {}});
    child->handle = parts_.supervisor.start(
        std::move(spec), {.done =
                              [this, agent, child](process::Ended ended) {
                                  if (child->listener.done) return child->listener.done(std::move(ended));
                                  on_ended_early(agent, child, ended);
                              },
                          .gone =
                              [child] {
                                  if (child->listener.gone) child->listener.gone();
                              },
                          .heard =
                              [this, agent, child](process::Channel channel, std::string_view) {
                                  if (child->listener.done || channel == process::Channel::errors) return;
                                  on_early_sign(agent, "printed something");
                              }});
    pool.waiting.push_back(child);
    pool.is_failing = pool.is_failing && !child->handle.is_running();
}

/// One that never started says nothing about the agent.
void Standby::on_ended_early(const agents::InstalledAgent* agent, const std::shared_ptr<Child>& child,
                             const process::Ended& ended) {
    const auto found = pools_.find(agent);
    if (found == pools_.end()) return;
    if (is_kill(ended.end)) return on_kill(found->second, child, ended);
    if (!std::holds_alternative<process::LaunchFailed>(ended.end)) {
        return on_early_sign(agent, "ended by itself: " + text_of(ended));
    }
    found->second.waiting.remove(child);
    found->second.is_resting = true;
    if (std::exchange(found->second.is_failing, true)) return;
    parts_.log.warn("a process for standby could not be started; it is tried again in a while",
                    {{"agent", agent->ddl.metadata.name}, {"reason", text_of(ended)}});
}

/// It waited, and somebody else ended it. As many as may wait at once may be killed at once.
void Standby::on_kill(Pool& pool, const std::shared_ptr<Child>& child, const process::Ended& ended) {
    const auto now = parts_.clock.steady();
    const agents::InstalledAgent& agent = *pool.agent;
    std::erase_if(pool.kills, [&](const auto& moment) { return now - moment >= options_.calm; });
    const std::string what = "ended by " + text_of(ended) + (ended.ran_out_of_memory ? "" : " from outside");
    pool.kills.push_back(now);
    pool.waiting.remove(child);
    if (static_cast<int>(pool.kills.size()) > agent.ddl.run.standby) {
        return switch_off(
            &agent, "an agent is not kept on standby any more: its processes are killed again and again",
            what,
            ended.ran_out_of_memory
                ? "raise memory_bytes, or let the agent take less before its request, then reload"
                : "find out who kills them (the kernel's log tells of the OOM killer; memory_bytes and "
                  "cpu_s may be too low), then reload");
    }
    parts_.log.warn("a process on standby was killed, and is replaced",
                    {{"agent", agent.ddl.metadata.name}, {"it", what}});
    refill_soon();
}

void Standby::on_early_sign(const agents::InstalledAgent* agent, const std::string& what) {
    switch_off(agent,
               "an agent is not kept on standby any more: a process of it did not wait for its request", what,
               "read all of stdin first, or take `standby` out of the DDL");
}

void Standby::switch_off(const agents::InstalledAgent* agent, const std::string& event,
                         const std::string& what, const std::string& remedy) {
    const auto found = pools_.find(agent);
    if (found == pools_.end()) return;
    parts_.log.error(event, {{"agent", agent->ddl.metadata.name}, {"it", what}, {"remedy", remedy}});
    end_all(found->second);
    pools_.erase(found);
}

void Standby::end_all(Pool& pool) {
    for (const std::shared_ptr<Child>& child : pool.waiting)
        discard(*child);
    pool.waiting.clear();
}

void Standby::refill_soon() {
    if (std::exchange(is_refilling_, true)) return;
    refill_timer_.start(options_.pause, [this] { refill(); });
}

/// One at a time: a call that runs is not to wait for ten interpreters.
void Standby::refill() {
    is_refilling_ = false;
    const auto lacking = std::ranges::find_if(pools_, [](const auto& entry) {
        const Pool& pool = entry.second;
        return !pool.is_resting && static_cast<int>(pool.waiting.size()) < pool.wanted;
    });
    if (lacking == pools_.end() || !has_room_for(lacking->second)) return;
    start_one(lacking->second);
    refill_soon();
}

// ---- memory and age --------------------------------------------------------------------------------------------------

std::vector<pid_t> Standby::pids() const {
    std::vector<pid_t> pids;
    for (const auto& [key, pool] : pools_) {
        for (const std::shared_ptr<Child>& child : pool.waiting)
            pids.push_back(child->handle.pid());
    }
    return pids;
}

std::size_t Standby::bytes() const {
    std::size_t sum = 0;
    for (const pid_t pid : pids())
        sum += process::resident_bytes(pid);
    return sum;
}

/// For one more, which is taken to be as large as they are on average, or as one of this agent was before.
bool Standby::has_room_for(Pool& pool) {
    const std::size_t used = bytes();
    const std::size_t average = used / static_cast<std::size_t>(std::max(waiting(), 1));
    const std::size_t limit = parts_.surroundings.limits.max_standby_bytes;
    const bool fits = limit > 0 && used + std::max(average, pool.bytes) <= limit;
    if (!fits && limit > 0 && !std::exchange(is_over_memory_, true)) {
        parts_.log.warn("fewer processes wait on standby than the agents want",
                        {{"waiting", waiting()}, {"bytes", used}, {"limits.max_standby_bytes", limit}});
    }
    return fits;
}

void Standby::tend() {
    const auto now = parts_.clock.steady();
    for (auto& [key, pool] : pools_) {
        pool.is_resting = false;
        if (!pool.waiting.empty()) pool.bytes = process::resident_bytes(pool.waiting.front()->handle.pid());
        const bool is_calm = now - pool.calm_since >= options_.calm;
        if (is_calm && pool.wanted > 1) --pool.wanted;
        if (is_calm) pool.calm_since = now;
        while (!pool.waiting.empty()) {
            const bool is_too_old = now - pool.waiting.front()->born >= options_.oldest;
            const bool is_too_many = static_cast<int>(pool.waiting.size()) > pool.wanted;
            if (!is_too_old && !is_too_many) break;
            discard(*pool.waiting.front());
            pool.waiting.pop_front();
        }
    }
    while (waiting() > 0 && bytes() > parts_.surroundings.limits.max_standby_bytes)
        end_least_used();
    refill_soon();
    tend_timer_.start(options_.calm / k_looks_in_a_calm, [this] { tend(); });
}

void Standby::end_least_used() {
    Pool* least = nullptr;
    for (auto& [key, pool] : pools_) {
        if (!pool.waiting.empty() && (least == nullptr || pool.used_at < least->used_at)) least = &pool;
    }
    if (least == nullptr) return;
    discard(*least->waiting.front());
    least->waiting.pop_front();
}

}  // namespace hocket::execution
