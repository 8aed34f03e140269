#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "core/base/clock.h"
#include "core/process/supervisor.h"
#include "runner/execution/choria_contract.h"
#include "runner/execution/surroundings.h"

namespace hocket::execution {

/// Asks agents of contract `choria` whether they activate (spec/agent.md, activation), a few at a time. Who has not answered
/// within two seconds of his start is killed.
///
/// Thread: io thread only.
/// Owns:   the questions; what it is given outlives it.
class Activation {
public:
    /// Whether it activates. Errors: as ChoriaContract::interpret_activation().
    using Done = std::function<void(Result<bool>)>;

    struct Parts {
        process::Supervisor& supervisor;
        const ChoriaContract& contract;
        const Surroundings& surroundings;
        const Clock& clock;
    };

    explicit Activation(Parts parts) : parts_(parts) {}

    /// `done` is called once, and never from inside of ask().
    void ask(std::shared_ptr<const agents::InstalledAgent> agent, Done done);

private:
    struct Question {
        std::shared_ptr<const agents::InstalledAgent> agent;
        Done done;
    };

    void start(Question question);
    void start_more();

    Parts parts_;
    std::deque<Question> waiting_;
    int running_ = 0;
};

}  // namespace hocket::execution
