#include "runner/execution/activation.h"

#include <utility>

#include "core/wire/request_id.h"

namespace hocket::execution {

namespace {

constexpr std::chrono::seconds k_time_to_answer{2};
constexpr int k_max_running = 4;  // at the start of a machine everything else starts too

}  // namespace

void Activation::ask(std::shared_ptr<const agents::InstalledAgent> agent, Done done) {
    waiting_.push_back({std::move(agent), std::move(done)});
    start_more();
}

void Activation::start_more() {
    while (running_ < k_max_running && !waiting_.empty()) {
        Question next = std::move(waiting_.front());
        waiting_.pop_front();
        ++running_;
        start(std::move(next));
    }
}

void Activation::start(Question question) {
    const ExecutionContext context{wire::new_request_id(parts_.clock.wall_ms()), 0,
                                   parts_.clock.steady() + k_time_to_answer};
    process::Spec spec = parts_.contract.prepare_activation(*question.agent, context, parts_.surroundings);
    parts_.supervisor.start(std::move(spec),
                            {.done = [this, question = std::move(question)](const process::Ended& ended) {
                                --running_;
                                question.done(parts_.contract.interpret_activation(*question.agent, ended));
                                start_more();
                            }});
}

}  // namespace hocket::execution
