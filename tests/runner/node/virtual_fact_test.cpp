#include "runner/node/virtual_fact.h"

#include <gtest/gtest.h>
#include <string_view>

#include "tests/runner/node/tree.h"

namespace hocket::node {
namespace {

class VirtualFact : public testing::Test {
protected:
    std::string found() const { return virtual_fact(MachineFiles(tree_.root())); }

    void dmi(std::string_view vendor, std::string_view product) {
        tree_.write("sys/class/dmi/id/sys_vendor", vendor);
        tree_.write("sys/class/dmi/id/product_name", product);
    }

    Tree tree_;
};

TEST_F(VirtualFact, PlainHardwareIsPhysical) {
    dmi("Dell Inc.\n", "PowerEdge R640\n");
    tree_.write("proc/cpuinfo", "processor : 0\nflags\t\t: fpu vme\n");
    tree_.write("proc/1/cgroup", "0::/init.scope\n");
    EXPECT_EQ(found(), "physical");
}

TEST_F(VirtualFact, NothingToReadIsPhysical) {
    EXPECT_EQ(found(), "physical");
}

TEST_F(VirtualFact, MachinesByTheirDmiTable) {
    const std::pair<std::pair<std::string_view, std::string_view>, std::string_view> machines[] = {
        {{"QEMU", "Standard PC (Q35 + ICH9, 2009)"}, "qemu"},
        {{"Red Hat", "KVM"}, "kvm"},
        {{"Google", "Google Compute Engine"}, "kvm"},
        {{"Amazon EC2", "m5.large"}, "kvm"},
        {{"Amazon EC2", "m5.metal"}, "physical"},
        {{"VMware, Inc.", "VMware Virtual Platform"}, "vmware"},
        {{"innotek GmbH", "VirtualBox"}, "virtualbox"},
        {{"Microsoft Corporation", "Virtual Machine"}, "hyperv"},
        {{"Microsoft Corporation", "Surface Laptop"}, "physical"},
        {{"Xen", "HVM domU"}, "xen"},
    };
    for (const auto& [names, expected] : machines) {
        dmi(names.first, names.second);
        EXPECT_EQ(found(), expected) << names.first << " / " << names.second;
    }
}

TEST_F(VirtualFact, ContainerInAMachineIsTheContainer) {
    dmi("QEMU", "Standard PC");
    tree_.write(".dockerenv", "");
    EXPECT_EQ(found(), "docker");
}

TEST_F(VirtualFact, ContainerNamedBySystemd) {
    tree_.write("run/systemd/container", "systemd-nspawn\n");
    EXPECT_EQ(found(), "systemd-nspawn");
    tree_.write("run/systemd/container", "lxc-libvirt\n");
    EXPECT_EQ(found(), "lxc");
}

TEST_F(VirtualFact, ContainersByTheirOwnFiles) {
    tree_.write("run/.containerenv", "");
    EXPECT_EQ(found(), "podman");
}

TEST_F(VirtualFact, ContainersByTheirCgroup) {
    tree_.write("proc/1/cgroup", "3:cpu:/\n2:name=docker:/\n");
    EXPECT_EQ(found(), "physical");
    tree_.write("proc/1/cgroup", "0::/system.slice/docker-0123abcd.scope\n");
    EXPECT_EQ(found(), "docker");
    tree_.write("proc/1/cgroup", "12:pids:/kubepods/besteffort/pod1/2\n");
    EXPECT_EQ(found(), "kubernetes");
    tree_.write("proc/1/cgroup", "0::/lxc.payload.web1\n");
    EXPECT_EQ(found(), "lxc");
}

TEST_F(VirtualFact, XenTellsItsPrivilegedDomain) {
    tree_.write("sys/hypervisor/type", "xen\n");
    EXPECT_EQ(found(), "xen");
    tree_.write("proc/xen/capabilities", "control_d\n");
    EXPECT_EQ(found(), "xen0");
}

TEST_F(VirtualFact, FirecrackerByItsAcpiTable) {
    tree_.write("proc/cpuinfo", "flags : fpu hypervisor\n");
    EXPECT_EQ(found(), "vm");
    tree_.write("sys/firmware/acpi/tables/FACP", std::string_view("FACP\x14\x01\0\0\x06\xE2"
                                                                  "FIRECKFCVMFADT",
                                                                  24));
    EXPECT_EQ(found(), "firecracker");
}

}  // namespace
}  // namespace hocket::node
