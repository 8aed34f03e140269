#include "runner/systemd.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/file.h"

namespace hocket::systemd {

namespace {

constexpr timeval k_patience{1, 0};  // with a manager that does not read

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : value;
}

/// `flags` of sendto(2): MSG_DONTWAIT for what will be said again.
void notify(const std::string& state, int flags = 0) {
    const std::string_view path = variable("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (path.empty() || path.size() >= sizeof address.sun_path) return;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (path.front() == '@')
        address.sun_path[0] = '\0';  // an abstract socket, whose name has no end of its own
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());

    const FileDescriptor manager(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ::setsockopt(manager.get(), SOL_SOCKET, SO_SNDTIMEO, &k_patience, sizeof k_patience);
    // A manager that cannot be told does its part without us: it knows a time to wait for each state.
    static_cast<void>(::sendto(manager.get(), state.data(), state.size(), flags | MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&address), length));
}

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

void notify_ready() {
    notify("READY=1");
}

void notify_reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const long long microseconds = static_cast<long long>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
    notify("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds));
}

void notify_stopping() {
    notify("STOPPING=1");
}

void notify_watchdog() {
    notify("WATCHDOG=1", MSG_DONTWAIT);
}

std::chrono::milliseconds watchdog_interval() {
    const std::string_view process = variable("WATCHDOG_PID");
    const bool is_for_us = process.empty() || number(process) == static_cast<std::uint64_t>(::getpid());
    const std::uint64_t microseconds = is_for_us ? number(variable("WATCHDOG_USEC")) : 0;
    if (microseconds == 0 ||
        microseconds == std::numeric_limits<std::uint64_t>::max()) {  // the latter: infinity
        return std::chrono::milliseconds(0);
    }
    return std::chrono::milliseconds(
        std::max<std::uint64_t>(microseconds / 1000 / 2, 1));  // twice in the time allowed
}

}  // namespace hocket::systemd
