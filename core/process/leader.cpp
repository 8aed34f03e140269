#include "core/process/leader.h"

#include <csignal>
#include <fcntl.h>
#include <utility>

#include <boost/process/v2/process.hpp>

#include "core/process/pidfd.h"

namespace hocket::process {

namespace {

using Process = boost::process::v2::process;

Error cannot_watch() {
    return {ErrorCode::io, "cannot watch a child: " + errno_text(), {}};
}

/// Nothing if the event loop cannot take one descriptor more.
std::optional<Process> adopt(const boost::asio::any_io_executor& executor, pid_t pid, FileDescriptor& pidfd) {
    try {
        std::optional<Process> process(std::in_place, executor, pid, pidfd.get());
        pidfd.release();
        return process;
    } catch (const boost::system::system_error&) {
        return std::nullopt;
    }
}

}  // namespace

Result<Leader> Leader::make(boost::asio::any_io_executor executor, Launched launched) {
    // A copy: Boost.Process registers the pidfd itself in the same epoll.
    FileDescriptor copy(::fcntl(launched.pidfd.get(), F_DUPFD_CLOEXEC, 0));
    Result<Watch> watch = copy ? Watch::make(executor, std::move(copy)) : cannot_watch();
    if (watch) return Leader(std::move(executor), std::move(launched), std::move(*watch));
    send_signal(launched.pidfd, SIGKILL);
    process::reap_now(launched.pidfd);
    return watch.error();
}

Leader::Leader(boost::asio::any_io_executor executor, Launched launched, Watch watch)
    : executor_(std::move(executor)),
      pid_(launched.pid),
      pidfd_(std::move(launched.pidfd)),
      watch_(std::move(watch)) {}

void Leader::when_exited(Exited exited) {
    watch_.when_readable([this, exited = std::move(exited)]() mutable {
        if (has_exited()) return exited();
        when_exited(std::move(exited));
    });
}

bool Leader::has_exited() const {
    return process::has_exited(pidfd_);
}

std::optional<int> Leader::reap() {
    std::optional<Process> process = adopt(executor_, pid_, pidfd_);
    if (!process) return process::reap_now(pidfd_);
    boost::system::error_code error;
    process->wait(error);
    const int status = process->native_exit_code();
    // Its destructor would kill whoever has the number by now.
    static_cast<void>(process->detach());
    return error ? std::nullopt : std::optional(status);
}

}  // namespace hocket::process
