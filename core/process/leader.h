#pragma once

#include <functional>
#include <memory>
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
    /// The status as wait(2) gives it; nothing if somebody else took it.
    using Reaped = std::function<void(std::optional<int> native_status)>;

    /// Kills and reaps the process if it fails. Errors: io.
    static Result<Leader> make(boost::asio::any_io_executor executor, Launched launched);

    pid_t pid() const { return pid_; }
    /// Until it is reaped.
    int pidfd() const { return pidfd_.get(); }

    void when_exited(Exited exited);

    bool has_exited() const;

    /// Only after it has exited. Calls back from inside when no descriptor is left to wait with.
    void reap(Reaped reaped);

    /// The same without a status and an event loop.
    void reap_now();

private:
    Leader(boost::asio::any_io_executor executor, Launched launched, Watch watch);

    boost::asio::any_io_executor executor_;
    pid_t pid_;
    FileDescriptor pidfd_;
    Watch watch_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace hocket::process
