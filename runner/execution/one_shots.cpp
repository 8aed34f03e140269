#include "runner/execution/one_shots.h"

#include <utility>

namespace hocket::execution {

void OneShots::run(std::shared_ptr<Job> job) {
    if (std::shared_ptr<Standby::Child> child = parts_.standby.take(job->call.agent())) {
        job->context.id = child->id;
        const std::string input =
            parts_.contracts.json.stdin_of(job->call, job->context, parts_.surroundings.identity);
        if (parts_.observer != nullptr) {
            parts_.observer->started(child->spec);
            parts_.observer->given(input);
        }
        return Standby::employ(*child, input, job->context.deadline, listener_for(job));
    }
    Result<process::Spec> spec =
        parts_.contracts.of(job->call.agent()).prepare(job->call, job->context, parts_.surroundings);
    if (!spec) {
        job->finish(refusal(spec.error()));
        return job->over();
    }
    spec->at_stop = process::AtStop::leave;
    if (parts_.observer != nullptr) parts_.observer->started(*spec);
    parts_.supervisor.start(std::move(*spec), listener_for(job));
}

process::Listener OneShots::listener_for(const std::shared_ptr<Job>& job) const {
    return {.done =
                [this, job](process::Ended ended) {
                    if (parts_.observer != nullptr) parts_.observer->ended(ended);
                    job->finish(parts_.contracts.of(job->call.agent()).interpret(job->call, ended));
                },
            .gone = [job] { job->over(); }};
}

}  // namespace hocket::execution
