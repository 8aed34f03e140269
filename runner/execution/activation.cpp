#include "runner/execution/activation.h"

#include <utility>

#include "core/wire/request_id.h"

namespace hocket::execution {

namespace {

constexpr std::chrono::seconds k_time_to_answer{2};

}  // namespace

void Activation::ask(std::shared_ptr<const agents::InstalledAgent> agent, Done done) {
    const ExecutionContext context{wire::new_request_id(parts_.clock.wall_ms()), 0,
                                   parts_.clock.steady() + k_time_to_answer};
    process::Spec spec = parts_.contract.prepare_activation(*agent, context, parts_.surroundings);
    parts_.supervisor.start(std::move(spec), {.done = [this, agent = std::move(agent),
                                                       done = std::move(done)](const process::Ended& ended) {
                                done(parts_.contract.interpret_activation(*agent, ended));
                            }});
}

}  // namespace hocket::execution
