#pragma once

#include <string>

#include "runner/node/machine_files.h"

namespace hocket::node {

/// The fact `virtual`: what this machine runs in, the innermost first.
///
///     a container   docker podman lxc systemd-nspawn kubernetes openvz wsl, or another word that
///                   /run/systemd/container holds
///     a machine     kvm qemu vmware virtualbox hyperv xen xen0 (the privileged domain) parallels bhyve
///                   firecracker, or vm when only the processor tells
///     physical
///
/// Firecracker shows itself in a table that only root may read; others see vm.
std::string virtual_fact(const MachineFiles& files);

}  // namespace hocket::node
