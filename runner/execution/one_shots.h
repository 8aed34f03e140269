#pragma once

#include <memory>

#include "core/process/supervisor.h"
#include "runner/execution/contracts.h"
#include "runner/execution/job.h"
#include "runner/execution/observer.h"
#include "runner/execution/standby.h"

namespace hocket::execution {

/// Runs each job in a process of its own: one that waits on standby, or a new one.
///
/// Thread: io thread only.
/// Owns:   nothing; what it is given outlives it.
class OneShots {
public:
    struct Parts {
        process::Supervisor& supervisor;
        const Contracts& contracts;
        Standby& standby;
        const Surroundings& surroundings;
        Observer* observer;  ///< may be null
    };

    explicit OneShots(Parts parts) : parts_(parts) {}

    void run(std::shared_ptr<Job> job);

private:
    process::Listener listener_for(const std::shared_ptr<Job>& job) const;

    Parts parts_;
};

}  // namespace hocket::execution
