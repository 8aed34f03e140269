#include "runner/execution/executor.h"

#include <algorithm>
#include <pwd.h>
#include <unistd.h>
#include <utility>

#include "core/wire/request_id.h"
#include "runner/builtin/builtin_agent.h"

namespace hocket::execution {

namespace {

using std::chrono::milliseconds;

AgentResult answer_with(Json outputs) {
    AgentResult result;
    result.data = std::move(outputs);
    return result;
}

}  // namespace

Executor::Executor(Parts parts, Surroundings surroundings)
    : parts_(parts),
      surroundings_(std::move(surroundings)),
      contracts_(parts_.log),
      activation_({parts_.supervisor, contracts_.choria, surroundings_, parts_.clock}),
      standby_({parts_.executor, parts_.supervisor, contracts_.json, surroundings_, parts_.clock, parts_.log},
               {}),
      one_shots_({parts_.supervisor, contracts_, standby_, surroundings_, parts_.observer}),
      workers_(
          {parts_.executor, parts_.supervisor, contracts_.json, surroundings_, parts_.log, parts_.observer},
          parts_.clock),
      patience_(parts_.executor) {}

void Executor::set_limits(ExecutionLimits limits) {
    if (surroundings_.limits == limits) return;
    surroundings_.limits = limits;
    serve(agents_);  // processes that wait were started with the old ones
    start_waiting();
}

void Executor::serve(std::vector<std::shared_ptr<const agents::InstalledAgent>> agents) {
    agents_ = std::move(agents);
    surroundings_.home = home();
    workers_.serve(agents_);
    standby_.serve(agents_);
}

void Executor::ask_to_activate(std::shared_ptr<const agents::InstalledAgent> agent, Activation::Done done) {
    surroundings_.home = home();
    activation_.ask(std::move(agent), std::move(done));
}

/// A directory service may take its time, so it is asked until it has answered once.
std::string Executor::home() {
    if (!surroundings_.home.empty() && surroundings_.home != "/") return surroundings_.home;
    const passwd* const self = ::getpwuid(::geteuid());
    return self != nullptr && self->pw_dir != nullptr ? self->pw_dir : "/";
}

// ---- a call ----------------------------------------------------------------------------------------------------------

void Executor::run(agents::ValidCall call, Done done) {
    if (builtin::BuiltinAgent* builtin = call.agent().builtin)
        return run_builtin(*builtin, call, std::move(done));
    surroundings_.home = home();
    const milliseconds timeout(call.timeout_ms());
    ExecutionContext context{wire::new_request_id(parts_.clock.wall_ms()),
                             parts_.clock.wall_ms() + timeout.count(), parts_.clock.steady() + timeout};
    const auto job = std::make_shared<Job>(Job{std::move(call), std::move(context), std::move(done), {}});
    const Result<void> taken = slots_.take(job->call, surroundings_.limits);
    if (!taken) return enqueue(job, taken.error());
    start(job);
}

void Executor::run_builtin(builtin::BuiltinAgent& agent, const agents::ValidCall& call, Done done) {
    auto answer = agent.call(call);
    if (!answer) return done(refusal(answer.error()));
    if (auto* const outputs = std::get_if<Json>(&*answer)) return done(answer_with(std::move(*outputs)));
    auto& [other, keep] = std::get<builtin::BuiltinAgent::Instead>(*answer);
    run(std::move(other), [keep = std::move(keep), done = std::move(done)](AgentResult result) {
        if (result.outcome == Outcome::ok) {
            keep(result.data);
            result = answer_with(std::move(result.data));  // as it will be given again
        }
        done(std::move(result));
    });
}

void Executor::start(const std::shared_ptr<Job>& job) {
    job->over = [this, weak = std::weak_ptr(job)] { on_over(weak.lock()); };
    jobs_.insert(job);
    if (job->call.agent().ddl.run.contract == ddl::Contract::worker) return workers_.run(job);
    one_shots_.run(job);
}

void Executor::on_over(const std::shared_ptr<Job>& job) {
    slots_.give_back(job->call);
    jobs_.erase(job);
    start_waiting();
}

// ---- waiting ---------------------------------------------------------------------------------------------------------

/// A request may start within its ttl; and what is left of its time is the agent's.
std::chrono::steady_clock::time_point Executor::patience_of(const agents::ValidCall& call,
                                                            const ExecutionContext& context) const {
    const wire::Request& request = call.request();
    const milliseconds left(request.issued_at + request.ttl_ms - parts_.clock.wall_ms());
    const auto now = parts_.clock.steady();
    return std::min({now + left, context.deadline, now + milliseconds(surroundings_.limits.max_wait_ms)});
}

void Executor::enqueue(std::shared_ptr<Job> job, const Error& reason) {
    const auto now = parts_.clock.steady();
    const auto until = patience_of(job->call, job->context);
    if (waiting_.size() >= surroundings_.limits.max_waiting || until <= now)
        return job->finish(refusal(reason));
    waiting_.push_back({std::move(job), now, until, reason.message});
    arm_patience();
}

/// Who comes later may overtake only one that waits for something else.
void Executor::start_waiting() {
    if (std::exchange(is_starting_, true)) return;
    refuse_impatient();
    for (auto next = waiting_.begin(); next != waiting_.end();) {
        if (!slots_.take(next->job->call, surroundings_.limits)) {
            ++next;
            continue;
        }
        const std::shared_ptr<Job> job = std::move(next->job);
        waiting_.erase(next);
        start(job);
        next = waiting_.begin();  // starting may have ended at once, and others may have come
    }
    is_starting_ = false;
    arm_patience();
}

void Executor::arm_patience() {
    if (waiting_.empty()) return patience_.stop();
    const auto first = std::ranges::min_element(waiting_, {}, &Waiting::until);
    patience_.start(first->until, [this] { refuse_impatient(); });
}

void Executor::refuse_impatient() {
    const auto now = parts_.clock.steady();
    std::list<Waiting> refused;
    for (auto next = waiting_.begin(); next != waiting_.end();) {
        const auto each = next++;
        if (each->until <= now) refused.splice(refused.end(), waiting_, each);
    }
    for (const Waiting& each : refused) {
        const auto waited = std::chrono::duration_cast<milliseconds>(now - each.since);
        each.job->finish(refusal({ErrorCode::busy,
                                  each.reason + " (it waited " + std::to_string(waited.count()) +
                                      " ms for a place; nothing was started)",
                                  {}}));
    }
    arm_patience();
}

void Executor::abandon() {
    for (const Waiting& each : std::exchange(waiting_, {})) {
        each.job->finish(refusal({ErrorCode::draining,
                                  "hocketd stopped while the request waited for a place; nothing was started",
                                  {}}));
    }
    for (const std::shared_ptr<Job>& job : std::set(jobs_)) {
        job->finish(refusal(
            {ErrorCode::internal,
             "hocketd stopped while the agent ran, and left it running if it could; how it ends is not known",
             {}}));
    }
}

}  // namespace hocket::execution
