#include "runner/workbench/interrupts.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <sys/signalfd.h>
#include <system_error>

namespace hocket::workbench {

namespace {

constexpr std::array k_signals{SIGHUP, SIGINT, SIGTERM};

bool is_ignored(int signal) {
    struct sigaction action{};
    return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

/// An ignored signal that is held back would wait as any other.
sigset_t signals_to_hold() {
    sigset_t signals;
    ::sigemptyset(&signals);
    for (const int signal : k_signals) {
        if (!is_ignored(signal)) ::sigaddset(&signals, signal);
    }
    return signals;
}

}  // namespace

Interrupts::Interrupts(boost::asio::io_context& io) : held_(signals_to_hold()), pending_(io) {
    const int pending = ::signalfd(-1, &held_, SFD_CLOEXEC | SFD_NONBLOCK);
    if (pending < 0 || ::sigprocmask(SIG_BLOCK, &held_, nullptr) != 0)
        throw std::system_error(errno, std::generic_category(), "signals cannot be held back");
    pending_.assign(pending);
    // It is not read: the signal has to be there when it is no longer held back.
    pending_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                        [](const boost::system::error_code& error) {
                            if (!error) throw Interrupted();
                        });
}

Interrupts::~Interrupts() {
    std::fflush(stdout);
    ::sigprocmask(SIG_UNBLOCK, &held_, nullptr);  // also if whoever started us had held them back
}

}  // namespace hocket::workbench
