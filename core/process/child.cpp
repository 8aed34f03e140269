#include "core/process/child.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hocket::process {

// Plain system calls only. The wrappers of the C library keep state (interceptors, locks, caches), and here that state is
// the parent's.
namespace {

constexpr int k_signals = 64;
constexpr std::size_t k_signal_set_bytes = k_signals / 8;

bool enter_cgroup(const ChildPlan& plan) {
    return plan.cgroup_procs < 0 || syscall(SYS_write, plan.cgroup_procs, "0", 1) == 1;
}

/// The part of the table that is not wanted is not even copied.
bool take_table(const ChildPlan& plan) {
    return plan.table_end == 0 || syscall(SYS_close_range, plan.table_end, ~0U, CLOSE_RANGE_UNSHARE) == 0;
}

/// The sources are all above 4 (pipe.h), so none is overwritten before its turn.
bool place_descriptors(const ChildPlan& plan) {
    for (int number = 0; number < k_child_descriptors; ++number) {
        const int source = plan.descriptors[number];
        if (source >= 0 && syscall(SYS_dup3, source, number, 0) < 0) return false;
        if (source < 0) syscall(SYS_close, number);
    }
    return syscall(SYS_close_range, k_child_descriptors, ~0U, 0) == 0;
}

bool set_limits(const ChildPlan& plan) {
    for (std::size_t index = 0; index < plan.limit_count; ++index) {
        const Limit& limit = plan.limits[index];
        if (syscall(SYS_prlimit64, 0, limit.resource, &limit.value, nullptr) != 0) return false;
    }
    return true;
}

bool set_scheduling(const ChildPlan& plan) {
    constexpr int this_process = 1;  // IOPRIO_WHO_PROCESS
    if (plan.nice != nullptr && syscall(SYS_setpriority, PRIO_PROCESS, 0, *plan.nice) != 0) return false;
    return plan.io_priority == 0 || syscall(SYS_ioprio_set, this_process, 0, plan.io_priority) == 0;
}

bool set_no_new_privileges(const ChildPlan& plan) {
    return !plan.no_new_privileges || syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/// exec keeps ignored signals and the mask, so both are put back.
bool reset_signals() {
    static constexpr unsigned long default_action[8] = {};  // the kernel's struct sigaction; SIG_DFL is 0
    static constexpr unsigned long no_signals[1] = {};
    for (int number = 1; number <= k_signals; ++number) {
        if (number == SIGKILL || number == SIGSTOP) continue;
        syscall(SYS_rt_sigaction, number, default_action, nullptr, k_signal_set_bytes);
    }
    return syscall(SYS_rt_sigprocmask, SIG_SETMASK, no_signals, nullptr, k_signal_set_bytes) == 0;
}

bool change_folder(const ChildPlan& plan) {
    syscall(SYS_umask, plan.umask);
    return syscall(SYS_chdir, plan.working_directory) == 0;
}

/// Who has become an orphan before this call would never be told.
bool die_with_parent(const ChildPlan& plan) {
    if (plan.parent == 0) return true;
    return syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && syscall(SYS_getppid) == plan.parent;
}

bool execute(const ChildPlan& plan) {
    syscall(SYS_execve, plan.executable, plan.argv, plan.environment);
    return false;
}

Step first_failed_step(const ChildPlan& plan) {
    if (!enter_cgroup(plan)) return Step::cgroup;
    if (syscall(SYS_setsid) < 0) return Step::session;
    if (!take_table(plan) || !place_descriptors(plan)) return Step::descriptors;
    if (!set_limits(plan)) return Step::limits;
    if (!set_scheduling(plan)) return Step::scheduling;
    if (!set_no_new_privileges(plan)) return Step::no_new_privileges;
    if (!reset_signals()) return Step::signals;
    if (!change_folder(plan)) return Step::working_directory;
    if (!die_with_parent(plan)) return Step::parent_death;
    return execute(plan) ? Step::none : Step::execute;
}

}  // namespace

int run_child(void* argument) {
    ChildPlan& plan = *static_cast<ChildPlan*>(argument);
    plan.failed_step = first_failed_step(plan);
    plan.failed_errno = errno;
    syscall(SYS_exit_group, 127);
    return 127;
}

}  // namespace hocket::process
