#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "runner/node/host_names.h"
#include "runner/node/machine_files.h"

namespace hocket::node {

struct Interface {
    std::string mac;
    std::vector<std::string> ipv4;
    std::vector<std::string> ipv6;
};

using Interfaces = std::map<std::string, Interface>;

/// The interfaces of this machine's network namespace, 256 at most; none when the kernel does not tell.
Interfaces read_interfaces();

/// The fact `network`. `primary` is the interface of the IPv4 default route with the lowest metric, else the
/// first one beside the loopback that has an address; `ip` is its first address, IPv4 before IPv6, link-local
/// last.
Json network_facts(const MachineFiles& files, const HostNames& host, const Interfaces& interfaces);

}  // namespace hocket::node
