#pragma once

#include <functional>
#include <memory>

#include "core/base/clock.h"
#include "core/process/supervisor.h"
#include "runner/execution/choria_contract.h"
#include "runner/execution/surroundings.h"

namespace hocket::execution {

/// Asks agents of contract `choria` whether they activate (spec/agent.md, activation). Who has not answered within two
/// seconds is killed, and does not.
///
/// Thread: io thread only.
/// Owns:   nothing; what it is given outlives it.
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
    Parts parts_;
};

}  // namespace hocket::execution
