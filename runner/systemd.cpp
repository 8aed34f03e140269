#include "runner/systemd.h"

#ifdef HOCKET_HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include <cstdint>
#include <ctime>

namespace hocket::systemd {

namespace {

void notify(const std::string& state) {
#ifdef HOCKET_HAVE_SYSTEMD
    ::sd_notify(0, state.c_str());
#else
    (void)state;
#endif
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

void notify_status(const std::string& text) {
    notify("STATUS=" + text);
}

void notify_watchdog() {
    notify("WATCHDOG=1");
}

std::chrono::milliseconds watchdog_interval() {
#ifdef HOCKET_HAVE_SYSTEMD
    std::uint64_t microseconds = 0;
    if (::sd_watchdog_enabled(0, &microseconds) > 0) {
        return std::chrono::milliseconds(microseconds / 1000 / 2);  // twice within the time allowed
    }
#endif
    return std::chrono::milliseconds(0);
}

}  // namespace hocket::systemd
