#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "core/base/file.h"

namespace hocket::process {

/// One process for ever: its number alone may be given to another.
struct Identity {
    pid_t pid;
    std::uint64_t start_ticks;  ///< clock ticks since boot

    auto operator<=>(const Identity&) const = default;
};

/// What /proc/PID/stat says of a process.
struct ProcessStatus {
    char state;  ///< 'Z' also when only the first thread has ended
    pid_t parent;
    pid_t session;
    std::uint64_t start_ticks;  ///< as in Identity
};

/// Nothing if there is no such process.
std::optional<ProcessStatus> read_status(pid_t pid);

/// Clock ticks since boot, comparable with start_ticks.
std::uint64_t now_ticks();

/// Adds the children of all threads of a process; some may be missing while they come and go. False if a list could not be
/// read.
bool append_children(pid_t pid, std::vector<pid_t>& children);

/// Our own children, of which the kernel tells at the price of one read: those of the first thread, which all orphans come to
/// when we are a subreaper, and of the calling one. Complete if no other thread starts processes. A child of ours stays one until
/// we reap it.
///
/// Thread: one at a time.
/// Owns:   a descriptor for the first thread's list.
class OwnChildren {
public:
    OwnChildren() { open(); }

    /// False if a list could not be read.
    bool append_to(std::vector<pid_t>& children);

private:
    void open();

    FileDescriptor of_first_thread_;
};

/// Whether the kernel tells children at all (CONFIG_PROC_CHILDREN).
bool knows_children();

/// Whether a process that exists may not be looked at: it is another user's, and /proc is mounted with hidepid.
bool is_hidden(pid_t pid);

/// A variable of the environment that the process was started with. Only the first 128 KiB are searched.
std::optional<std::string> environment_value(pid_t pid, std::string_view name);

/// Of its first thread; 0 if there is no such process.
std::chrono::nanoseconds processor_time(pid_t pid);

/// Memory that the process has in use, with what it shares with others; 0 if there is no such process.
std::size_t resident_bytes(pid_t pid);

/// Its path in the version 2 hierarchy; empty if there is none.
std::string cgroup_path(pid_t pid);

}  // namespace hocket::process
