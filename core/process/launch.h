#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/file.h"
#include "core/process/child.h"

namespace hocket::process {

/// Limits of a child, soft and hard (a second more for processor time). What is not set is inherited; only the soft limit of open files is put back to 1024
/// then, for programs that use select(2) and a daemon that has raised its own.
struct ResourceLimits {
    std::optional<std::uint64_t> open_files;
    std::optional<std::uint64_t> processes;  ///< of the user, not of the tree
    std::optional<std::uint64_t> address_space_bytes;
    std::optional<std::uint64_t> core_bytes = 0;
    std::optional<std::uint64_t> file_bytes;
    std::optional<std::uint64_t> cpu_seconds;  ///< SIGXCPU then, and SIGKILL a second later

    bool operator==(const ResourceLimits&) const = default;
};

/// How much of the disk's time a child gets (ioprio_set(2)).
enum class IoClass { best_effort = 2, idle = 3 };

/// What a child is made with, beside what it runs.
struct ChildTraits {
    ResourceLimits limits;
    mode_t umask = 022;
    std::optional<int> nice;  ///< -20 to 19; below ours only for root
    std::optional<IoClass> io_class;
    int io_level = 4;  ///< of best_effort: 0, the first, to 7
    bool no_new_privileges = true;
    bool dies_with_us = false;  ///< killed when this process ends, however it does

    bool operator==(const ChildTraits&) const = default;
};

/// What becomes a process, and how.
struct LaunchRequest {
    std::string executable;  ///< a path; nothing is searched
    std::vector<std::string> argv;
    std::vector<std::string> environment;  ///< "NAME=value", complete
    std::string working_directory;
    ChildTraits traits;
    std::array<int, 4>
        descriptors;  ///< ours (make_pipe()) that become 0 to 3, the last may be -1; all others are closed
    int error_descriptor = -1;  ///< becomes 4, if there is one
    int cgroup_folder = -1;     ///< where it is born, if there is one
};

struct Launched {
    pid_t pid;
    FileDescriptor pidfd;
};

/// Starts processes, at the same cost whatever the size of this one: a child begins with our memory and with our table
/// of descriptors, and takes of the latter only the words up to the highest landing. So it is to be made early, while low
/// numbers are free; without descriptors of its own it works as well, but a child then gets a copy of the whole table.
///
/// Thread: one at a time.
/// Owns:   the landings: six descriptors, /dev/null except during launch().
class Launcher {
public:
    Launcher();

    /// Starts a process in a session of its own, with signals and umask reset, and returns when it has become the
    /// program. Takes about 0.1 ms.
    ///
    /// Errors: crashed (it cannot be executed: names the file, the reason and the remedy),
    ///         io (this machine has no process or descriptor left).
    Result<Launched> launch(const LaunchRequest& request);

    /// False: there were no descriptors left for landings.
    bool has_landings() const;

private:
    void land(ChildPlan& plan);
    void leave_landings();

    FileDescriptor nothing_;
    std::array<FileDescriptor, k_child_descriptors> landings_;
};

}  // namespace hocket::process
