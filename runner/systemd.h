#pragma once

#include <chrono>

namespace hocket::systemd {

/// What the service manager is told; nothing happens when it did not start us. The protocol is that of sd_notify(3),
/// which asks for implementations like this one: libsystemd brings five libraries more, 1 MiB of memory on every node.
/// A manager that does not read holds each up for a second, but for notify_watchdog().

void notify_ready();
void notify_reloading();
void notify_stopping();
void notify_watchdog();

/// How often notify_watchdog() is due; zero when nobody waits for it.
std::chrono::milliseconds watchdog_interval();

}  // namespace hocket::systemd
