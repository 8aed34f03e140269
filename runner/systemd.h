#pragma once

#include <chrono>
#include <string>

namespace hocket::systemd {

/// What the service manager is told (sd_notify(3)); nothing happens when it did not start us, or when hocketd was
/// built without libsystemd.

void notify_ready();
void notify_reloading();
void notify_stopping();
void notify_status(const std::string& text);
void notify_watchdog();

/// How often notify_watchdog() is due; zero when nobody waits for it.
std::chrono::milliseconds watchdog_interval();

}  // namespace hocket::systemd
