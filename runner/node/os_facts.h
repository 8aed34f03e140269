#pragma once

#include "core/base/json.h"
#include "runner/node/machine_files.h"

namespace hocket::node {

/// The fact `os`, from os-release(5) with the names and families that Facter gives them: "Debian" for
/// Ubuntu's family, "RedHat" for Rocky's. On Debian the full release is that of /etc/debian_version ("12.5").
Json os_facts(const MachineFiles& files);

}  // namespace hocket::node
