#include "core/process/clone.h"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <linux/sched.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hocket::process {

namespace {

constexpr std::size_t k_stack_bytes = 32768;
constexpr unsigned k_flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD;

/// All signals, also the two of the C library that sigprocmask(3) leaves out: a handler would run in the child, on our
/// memory.
class SignalsBlocked {
public:
    SignalsBlocked() { change(SIG_SETMASK, &k_all, &before_); }
    ~SignalsBlocked() { change(SIG_SETMASK, &before_, nullptr); }
    SignalsBlocked(const SignalsBlocked&) = delete;
    SignalsBlocked& operator=(const SignalsBlocked&) = delete;

private:
    static constexpr std::uint64_t k_all = ~std::uint64_t{0};

    static void change(int how, const std::uint64_t* now, std::uint64_t* before) {
        syscall(SYS_rt_sigprocmask, how, now, before, sizeof(std::uint64_t));
    }

    std::uint64_t before_ = 0;
};

#ifdef __x86_64__

/// clone3(2) has no wrapper, and a child on a stack of its own cannot return from one: its first step is the call.
long clone3_call(const clone_args& arguments, int (*run)(void*), void* argument) {
    long result;
    register int (*function)(void*) asm("r12") = run;
    register void* parameter asm("r13") = argument;
    asm volatile(
        "syscall\n\t"
        "test %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xor %%ebp, %%ebp\n\t"
        "mov %%r13, %%rdi\n\t"
        "call *%%r12\n\t"
        "ud2\n"
        "1:"
        : "=a"(result)
        : "0"(static_cast<long>(SYS_clone3)), "D"(&arguments), "S"(sizeof arguments), "r"(function),
          "r"(parameter)
        : "rcx", "r11", "memory");
    return result;
}

Cloned clone3_sharing_memory(int (*run)(void*), void* argument, std::uint64_t more_flags, int cgroup_folder) {
    alignas(16) std::byte stack[k_stack_bytes];
    Cloned cloned{-1, -1};
    clone_args arguments{};
    arguments.flags = k_flags | more_flags;
    arguments.pidfd = reinterpret_cast<std::uintptr_t>(&cloned.pidfd);
    arguments.exit_signal = SIGCHLD;
    arguments.stack = reinterpret_cast<std::uintptr_t>(stack);
    arguments.stack_size = k_stack_bytes;
    arguments.cgroup = static_cast<__u64>(cgroup_folder);
    const SignalsBlocked blocked;
    const long result = clone3_call(arguments, run, argument);
    if (result < 0) errno = static_cast<int>(-result);
    cloned.pid = static_cast<pid_t>(result < 0 ? -1 : result);
    return cloned;
}

#else

Cloned clone3_sharing_memory(int (*)(void*), void*, std::uint64_t, int) {
    errno = ENOSYS;
    return {-1, -1};
}

#endif

std::uint64_t flags_for(Table table) {
    return table == Table::shared ? CLONE_FILES : 0;
}

bool is_clone3_refused(int number) {
    return number == ENOSYS || number == EPERM;  // by an old kernel, by a seccomp filter
}

}  // namespace

// The wrapper of the C library comes second: the thread sanitizer takes what it makes for a fork, and then sees no lock of
// this process any more.
Cloned clone_sharing_memory(int (*run)(void*), void* argument, Table table) {
    const Cloned made = clone3_sharing_memory(run, argument, flags_for(table), 0);
    if (made.pid >= 0 || !is_clone3_refused(errno)) return made;
    alignas(16) std::byte stack[k_stack_bytes];
    Cloned cloned{-1, -1};
    const SignalsBlocked blocked;
    cloned.pid = clone(run, stack + k_stack_bytes, static_cast<int>(k_flags | flags_for(table) | SIGCHLD),
                       argument, &cloned.pidfd);
    return cloned;
}

Cloned clone_into_cgroup(int (*run)(void*), void* argument, Table table, int cgroup_folder) {
    return clone3_sharing_memory(run, argument, flags_for(table) | CLONE_INTO_CGROUP, cgroup_folder);
}

}  // namespace hocket::process
