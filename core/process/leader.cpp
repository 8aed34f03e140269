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

/// Null if the event loop cannot take one descriptor more.
std::shared_ptr<Process> adopt(const boost::asio::any_io_executor& executor, pid_t pid,
                               FileDescriptor& pidfd) {
    try {
        auto process = std::make_shared<Process>(executor, pid, pidfd.get());
        pidfd.release();
        return process;
    } catch (const boost::system::system_error&) {
        return nullptr;
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

void Leader::reap_now() {
    process::reap_now(pidfd_);
}

void Leader::reap(Reaped reaped) {
    // Shared with the handler: the operation writes into the object. It is released as soon as the number is free,
    // for its destructor would kill whoever has that number by then.
    const std::shared_ptr<Process> process = adopt(executor_, pid_, pidfd_);
    if (!process) {
        reap_now();
        return reaped(std::nullopt);
    }
    process->async_wait([process, alive = std::weak_ptr<char>(alive_), reaped = std::move(reaped)](
                            const boost::system::error_code& error, int) {
        const int status = process->native_exit_code();
        static_cast<void>(process->detach());
        if (alive.expired()) return;
        reaped(error ? std::nullopt : std::optional(status));
    });
}

}  // namespace hocket::process
