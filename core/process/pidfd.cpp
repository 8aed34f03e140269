#include "core/process/pidfd.h"

#include <cerrno>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hocket::process {

namespace {

// glibc 2.36 declares neither P_PIDFD nor, for C++, the calls of <sys/pidfd.h>.
constexpr idtype_t k_by_pidfd = static_cast<idtype_t>(3);

}  // namespace

FileDescriptor open_pidfd(pid_t pid) {
    return FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
}

void send_signal(const FileDescriptor& pidfd, int signal) {
    ::syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0);
}

bool has_exited(const FileDescriptor& child) {
    siginfo_t info{};
    const int result =
        ::waitid(k_by_pidfd, static_cast<id_t>(child.get()), &info, WEXITED | WNOWAIT | WNOHANG);
    return result != 0 || info.si_pid != 0;
}

std::optional<int> reap_now(const FileDescriptor& child) {
    siginfo_t info{};
    int result = 0;
    do {
        result = ::waitid(k_by_pidfd, static_cast<id_t>(child.get()), &info, WEXITED);
    } while (result != 0 && errno == EINTR);
    if (result != 0) return std::nullopt;
    if (info.si_code == CLD_EXITED) return W_EXITCODE(info.si_status, 0);
    return info.si_status | (info.si_code == CLD_DUMPED ? WCOREFLAG : 0);
}

bool reap_if_exited(pid_t child) {
    siginfo_t info{};
    const int result = ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG);
    return result != 0 || info.si_pid != 0;
}

}  // namespace hocket::process
