#pragma once

#include <sys/types.h>

namespace hocket::process {

struct Cloned {
    pid_t pid;  ///< -1 with errno if there is no new process
    int pidfd;
};

enum class Table { copied, shared };

/// Runs a function in a new process that shares our memory, on a stack of its own. The calling thread waits until the
/// process has become another program or has ended, so nothing is copied: the cost does not depend on our size.
/// table: of the descriptors; the child must take its own before it changes any.
/// All signals are blocked around it, in the child until it changes its mask.
Cloned clone_sharing_memory(int (*run)(void*), void* argument, Table table);

/// The same, born in a cgroup: entering it later makes the kernel wait for a grace period, 10 ms and more on Linux 6.1.
/// -1 also where the kernel (or a seccomp filter) does not allow it, and on machines that it was not written for.
Cloned clone_into_cgroup(int (*run)(void*), void* argument, Table table, int cgroup_folder);

}  // namespace hocket::process
