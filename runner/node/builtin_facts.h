#pragma once

#include <filesystem>

#include "core/base/json.h"

namespace hocket::node {

/// The facts that every node has without configuration. What cannot be found out is absent.
///
///     os            name, family, id, codename, release.full, release.major        (texts)
///     kernel        name, release, version                                         (texts)
///     architecture  "x86_64", "aarch64", …
///     cpu           count, model
///     memory        total_bytes, available_bytes, swap_total_bytes
///     network       hostname, fqdn, primary (an interface), ip, interfaces.NAME.{mac, ipv4 […], ipv6 […]}
///     uptime_seconds
///     virtual       "physical", or what the machine runs in: virtual_fact.h
///     timezone      "Europe/Berlin"
///     hocket        version
///
/// Takes about a millisecond: reads some twenty small files below `root` and asks the kernel for interfaces
/// and architecture; starts no process.
/// Thread: any.
Json builtin_facts(const std::filesystem::path& root);

}  // namespace hocket::node
