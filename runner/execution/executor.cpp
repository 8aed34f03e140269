#include "runner/execution/executor.h"

#include <pwd.h>
#include <unistd.h>
#include <utility>

#include "core/wire/request_id.h"
#include "runner/builtin/builtin_agent.h"

namespace hocket::execution {

struct Executor::Running {
    agents::ValidCall call;
    ExecutionContext context;
    Done done;

    void finish(AgentResult result) {
        if (done) std::exchange(done, nullptr)(std::move(result));
    }
};

void Executor::run(agents::ValidCall call, Done done) {
    if (builtin::BuiltinAgent* builtin = call.agent().builtin) {
        Result<Json> data = builtin->call(call);
        AgentResult result;
        if (data) {
            result.data = std::move(*data);
        } else {
            result = refusal(data.error());
        }
        return done(std::move(result));
    }
    if (Result<void> room = check_capacity(call.agent()); !room) return done(refusal(room.error()));

    const std::chrono::milliseconds timeout(call.timeout_ms());
    ExecutionContext context{wire::new_request_id(parts_.clock.wall_ms()),
                             parts_.identity,
                             parts_.search_path,
                             home(),
                             parts_.clock.wall_ms() + timeout.count(),
                             parts_.clock.steady() + timeout};
    start(std::make_shared<Running>(Running{std::move(call), std::move(context), std::move(done)}));
}

/// A directory service may take its time, so it is asked until it has answered once.
std::string Executor::home() {
    if (!home_.empty()) return home_;
    const passwd* const self = ::getpwuid(::geteuid());
    if (self != nullptr && self->pw_dir != nullptr) home_ = self->pw_dir;
    return home_.empty() ? "/" : home_;
}

Result<void> Executor::check_capacity(const agents::InstalledAgent& agent) const {
    const std::string& name = agent.ddl.metadata.name;
    const auto busy = [](const std::string& what, int limit) {
        return Error{ErrorCode::busy,
                     what + " runs " + std::to_string(limit) + " processes already, its limit; ask again",
                     {}};
    };
    if (running_ >= limits_.max_parallel) return busy("this node", limits_.max_parallel);
    const auto of_agent = running_by_agent_.find(name);
    const int count = of_agent == running_by_agent_.end() ? 0 : of_agent->second;
    if (agent.ddl.run.max_parallel && count >= *agent.ddl.run.max_parallel) {
        return busy("agent '" + name + "'", *agent.ddl.run.max_parallel);
    }
    return {};
}

void Executor::start(std::shared_ptr<Running> running) {
    const ddl::Agent& agent = running->call.agent().ddl;
    const Contract& contract = parts_.contracts.of(agent.run.contract);
    Result<process::Spec> spec = contract.prepare(running->call, running->context, limits_);
    if (!spec) return running->finish(refusal(spec.error()));
    spec->at_stop = process::AtStop::leave;
    const std::string name = agent.metadata.name;
    ++running_;
    ++running_by_agent_[name];
    calls_.emplace(running->context.id, running);
    parts_.supervisor.start(
        std::move(*spec),
        [&contract, running](process::Ended ended) {
            running->finish(contract.interpret(running->call, ended));
        },
        [this, name, id = running->context.id] {
            --running_;
            if (--running_by_agent_[name] == 0) running_by_agent_.erase(name);
            calls_.erase(id);
        });
}

void Executor::abandon() {
    for (const auto& [id, running] : calls_) {
        running->finish(refusal(
            {ErrorCode::internal,
             "hocketd stopped while the agent ran, and left it running if it could; how it ends is not known",
             {}}));
    }
}

}  // namespace hocket::execution
