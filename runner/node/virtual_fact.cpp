#include "runner/node/virtual_fact.h"

#include <array>
#include <vector>

#include "core/base/text.h"

namespace hocket::node {

namespace {

struct Mark {
    std::string_view text;
    std::string_view kind;
};

constexpr std::array k_cgroup_marks = {Mark{"kubepods", "kubernetes"}, Mark{"docker", "docker"},
                                       Mark{"libpod", "podman"}, Mark{"lxc", "lxc"}};

/// Texts of the DMI table, as the vendors write them; the first that is found decides.
constexpr std::array k_machine_marks = {Mark{"VMware", "vmware"},
                                        Mark{"VirtualBox", "virtualbox"},
                                        Mark{"innotek", "virtualbox"},
                                        Mark{"Parallels", "parallels"},
                                        Mark{"BHYVE", "bhyve"},
                                        Mark{"Xen", "xen"},
                                        Mark{"HVM domU", "xen"},
                                        Mark{"KVM", "kvm"},
                                        Mark{"OpenStack", "kvm"},
                                        Mark{"oVirt", "kvm"},
                                        Mark{"RHEV", "kvm"},
                                        Mark{"Google Compute Engine", "kvm"},
                                        Mark{"DigitalOcean", "kvm"},
                                        Mark{"Hetzner vServer", "kvm"},
                                        Mark{"Alibaba Cloud ECS", "kvm"},
                                        Mark{"QEMU", "qemu"},
                                        Mark{"Bochs", "qemu"}};

constexpr std::array k_dmi_files = {"sys/class/dmi/id/product_name", "sys/class/dmi/id/sys_vendor",
                                    "sys/class/dmi/id/board_vendor", "sys/class/dmi/id/bios_vendor"};

template <std::size_t count>
std::string kind_in(const std::string& text, const std::array<Mark, count>& marks) {
    for (const Mark& mark : marks) {
        if (text.find(mark.text) != std::string::npos) return std::string(mark.kind);
    }
    return {};
}

/// The paths of the cgroups alone: a v1 hierarchy's name says nothing about where a process runs.
std::string cgroup_paths(const MachineFiles& files) {
    std::string paths;
    for (const std::string& line : files.lines("proc/1/cgroup")) {
        const std::size_t colon = line.rfind(':');
        if (colon != std::string::npos) paths += line.substr(colon + 1) + "\n";
    }
    return paths;
}

std::string container(const MachineFiles& files) {
    const std::string named = files.text("run/systemd/container");
    if (!named.empty()) return named.starts_with("lxc") ? "lxc" : named;
    if (files.exists(".dockerenv")) return "docker";
    if (files.exists("run/.containerenv")) return "podman";
    if (files.exists("proc/vz") && !files.exists("proc/bc")) return "openvz";
    if (files.text("proc/sys/kernel/osrelease").ends_with("WSL2")) return "wsl";
    return kind_in(cgroup_paths(files), k_cgroup_marks);
}

std::string xen(const MachineFiles& files) {
    const std::string capabilities = files.text("proc/xen/capabilities");
    if (capabilities.find("control_d") != std::string::npos) return "xen0";
    return files.text("sys/hypervisor/type") == "xen" ? "xen" : "";
}

/// Amazon and Microsoft put their names on machines and on hardware alike; the product tells them apart.
std::string cloud(const MachineFiles& files) {
    const std::string vendor = files.text("sys/class/dmi/id/sys_vendor");
    const std::string product = files.text("sys/class/dmi/id/product_name");
    if (vendor == "Microsoft Corporation" && product == "Virtual Machine") return "hyperv";
    if (vendor == "Amazon EC2" && product.find(".metal") == std::string::npos) return "kvm";
    return {};
}

std::string dmi(const MachineFiles& files) {
    for (const char* path : k_dmi_files) {
        const std::string kind = kind_in(files.text(path), k_machine_marks);
        if (!kind.empty()) return kind;
    }
    return cloud(files);
}

bool has_hypervisor_flag(const MachineFiles& files) {
    for (const std::string& line : files.lines("proc/cpuinfo")) {
        if (!line.starts_with("flags")) continue;
        return (line + " ").find(" hypervisor ") != std::string::npos;
    }
    return false;
}

/// The vendor's id in the header of an ACPI table: bytes 10 to 15.
bool is_firecracker(const MachineFiles& files) {
    return files.text("sys/firmware/acpi/tables/FACP").find("FIRECK") != std::string::npos;
}

}  // namespace

std::string virtual_fact(const MachineFiles& files) {
    for (const auto detect : {container, xen, dmi}) {
        const std::string kind = detect(files);
        if (!kind.empty()) return kind;
    }
    if (is_firecracker(files)) return "firecracker";
    return has_hypervisor_flag(files) ? "vm" : "physical";
}

}  // namespace hocket::node
