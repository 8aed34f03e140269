#pragma once

#include <functional>
#include <optional>
#include <sys/types.h>

#include "core/process/launch.h"
#include "core/process/watch.h"

namespace hocket::process {

/// The first process of an execution. It ends in two steps: exited, when it is a zombie whose number (and session)
/// nobody else can get, and reaped, when its status is taken and the number is free.
///
/// Thread: io thread only. Callbacks come from the event loop, each at most once, never after destruction.
/// Owns:   the pidfd. Destroying this object neither kills nor reaps.
class Leader {
public:
    using Exited = std::function<void()>;

    /// Kills and reaps the process if it fails. Errors: io.
    static Result<Leader> make(boost::asio::any_io_executor executor, Launched launched);

    pid_t pid() const { return pid_; }
    /// Until it is reaped.
    int pidfd() const { return pidfd_.get(); }

    void when_exited(Exited exited);

    bool has_exited() const;

    /// Only after it has exited. The status as wait(2) gives it; nothing if somebody else took it.
    std::optional<int> reap();

private:
    Leader(boost::asio::any_io_executor executor, Launched launched, Watch watch);

    boost::asio::any_io_executor executor_;
    pid_t pid_;
    FileDescriptor pidfd_;
    Watch watch_;
};

}  // namespace hocket::process
