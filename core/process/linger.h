#pragma once

#include <array>
#include <chrono>
#include <string>
#include <sys/types.h>

#include "core/base/result.h"
#include "core/process/launch.h"
#include "core/process/spec.h"

namespace hocket::process {

/// A child that goes on when this process stops. The descriptors are borrowed.
struct LeftChild {
    pid_t pid;
    int pidfd;
    std::array<int, 3> outputs;  ///< our ends of its stdout, stderr and descriptor 3; -1 where there is none
    int cgroup_folder = -1;      ///< if it has one; locked
    Orphans orphans;             ///< in the cgroup, after its own exit
    std::string execution_id;
    std::chrono::milliseconds deadline_ms;  ///< from now
    std::chrono::milliseconds grace_ms;     ///< from TERM to KILL
    std::string scratch_folder;             ///< to be removed at the end; empty: none
};

/// Starts hocket-linger (runner/linger/main.cpp), which takes our place with the child: it reads and drops the outputs and
/// keeps the deadline. It carries the child's HOCKET_EXECUTION_ID, so that nobody takes it for a stray.
/// Errors: as Launcher::launch().
Result<void> linger_with(const LeftChild& child, const std::string& helper, Launcher& launcher);

}  // namespace hocket::process
