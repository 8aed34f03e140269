#pragma once

#include <string>

#include "runner/node/machine_files.h"

namespace hocket::node {

/// What the machine calls itself, in lower case; empty when unknown.
struct HostNames {
    std::string hostname;  ///< the first label
    std::string fqdn;      ///< as far as it is known here; equals `hostname` when no domain is
};

/// From the kernel's host name and, when that has no domain, from /etc/hosts. The DNS is not asked: it may
/// hang at boot, and an identity must not depend on whether it answered.
HostNames read_host_names(const MachineFiles& files);

}  // namespace hocket::node
