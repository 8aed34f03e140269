#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>

namespace hocket::process {

class Execution;

/// For who speaks with a child while it runs. It may outlive the child: then nothing happens.
///
/// Thread: io thread only. No call comes back to a Listener before it returns.
class Handle {
public:
    Handle() = default;
    explicit Handle(std::weak_ptr<Execution> execution) : execution_(std::move(execution)) {}

    /// Of the leader; -1 when it is over.
    pid_t pid() const;

    /// Its leader has neither exited nor been told to.
    bool is_running() const;

    /// Adds to its stdin (Stdin::pipe). What it does not take waits in memory.
    void write(std::string bytes) const;

    /// How much of what was written it has not read; nothing when nobody will: its stdin, or it, is gone.
    std::optional<std::size_t> unread_input() const;

    /// The end of its stdin, after all that was written.
    void close_input() const;

    /// Instead of the one that it has, as long as it runs.
    void set_deadline(std::chrono::steady_clock::time_point deadline) const;

    /// TERM, grace, KILL, as if the deadline had passed; the End is Stopped.
    void stop() const;

private:
    std::weak_ptr<Execution> execution_;
};

}  // namespace hocket::process
