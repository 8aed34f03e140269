#pragma once

#include <cstddef>
#include <sys/resource.h>

namespace hocket::process {

/// What the new process does between clone and exec, in this order.
enum class Step {
    none,
    cgroup,
    session,
    descriptors,
    limits,
    scheduling,
    no_new_privileges,
    signals,
    working_directory,
    parent_death,
    execute,
};

/// One resource limit, as setrlimit(2) takes it.
struct Limit {
    int resource;
    rlimit value;
};

inline constexpr int k_child_descriptors = 5;

/// The number that ChildPlan::descriptors has for hocket-exec's reports.
inline constexpr int k_error_descriptor = 4;

/// Everything the new process needs, prepared before the clone: in between it may call nothing but the kernel.
struct ChildPlan {
    const char* executable;
    char* const* argv;
    char* const* environment;
    const char* working_directory;
    int descriptors[k_child_descriptors];  ///< become 0 to 4; the last two may be -1
    unsigned table_end;  ///< the table is ours; the child takes what is below this number. 0: it is a copy
    const Limit* limits;
    std::size_t limit_count;
    unsigned umask;
    const int* nice;  ///< null: as it is
    int io_priority;  ///< as ioprio_set(2) takes it; 0: as it is
    bool no_new_privileges;
    int parent;        ///< our number, if the child is to end with us; else 0
    int cgroup_procs;  ///< an open cgroup.procs to enter by; -1 if there is none, or if clone did it

    // The child's answer, through the memory that it shares with us.
    Step failed_step = Step::none;
    int failed_errno = 0;
};

/// Runs in the child, in our memory, while our thread waits. Does not return: it becomes the program or ends.
int run_child(void* plan);

}  // namespace hocket::process
