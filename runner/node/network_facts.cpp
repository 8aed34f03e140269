#include "runner/node/network_facts.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstring>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <memory>
#include <netinet/in.h>
#include <sys/socket.h>

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace hocket::node {

namespace {

constexpr std::size_t k_max_interfaces = 256;

/// The kernel's address as the type that its family stands for.
template <class Address>
Address copy_as(const sockaddr& address) {
    Address copy{};
    std::memcpy(&copy, &address, sizeof copy);
    return copy;
}

std::string ipv4_text(const sockaddr& address) {
    const in_addr number = copy_as<sockaddr_in>(address).sin_addr;
    std::array<char, INET_ADDRSTRLEN> text{};
    return ::inet_ntop(AF_INET, &number, text.data(), text.size()) == nullptr ? "" : text.data();
}

std::string ipv6_text(const sockaddr& address) {
    const in6_addr number = copy_as<sockaddr_in6>(address).sin6_addr;
    std::array<char, INET6_ADDRSTRLEN> text{};
    return ::inet_ntop(AF_INET6, &number, text.data(), text.size()) == nullptr ? "" : text.data();
}

/// Empty for what has no Ethernet address, such as a tunnel; the loopback has zeros.
std::string mac_text(const sockaddr& address) {
    const auto link = copy_as<sockaddr_ll>(address);
    if (link.sll_halen != 6) return {};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < 6; ++i) {
        if (i > 0) text.push_back(':');
        text.push_back(digits[link.sll_addr[i] >> 4U]);
        text.push_back(digits[link.sll_addr[i] & 15U]);
    }
    return text;
}

void add_address(Interface& interface, const sockaddr& address) {
    switch (address.sa_family) {
        case AF_INET: interface.ipv4.push_back(ipv4_text(address)); break;
        case AF_INET6: interface.ipv6.push_back(ipv6_text(address)); break;
        case AF_PACKET: interface.mac = mac_text(address); break;
        default: break;
    }
}

/// /proc/net/route: Iface Destination Gateway Flags RefCnt Use Metric Mask …; the metric alone is decimal.
std::string default_route_interface(const MachineFiles& files) {
    std::string best;
    long best_metric = 0;
    for (const std::string& line : files.lines("proc/net/route")) {
        const std::vector<std::string> fields = words(line);
        if (fields.size() < 8 || fields[1] != "00000000" || fields[7] != "00000000") continue;
        long metric = 0;
        std::from_chars(fields[6].data(), fields[6].data() + fields[6].size(), metric);
        if (!best.empty() && metric >= best_metric) continue;
        best = fields[0];
        best_metric = metric;
    }
    return best;
}

std::string first_address(const Interface& interface) {
    if (!interface.ipv4.empty()) return interface.ipv4.front();
    const auto global = std::find_if(interface.ipv6.begin(), interface.ipv6.end(),
                                     [](const std::string& ip) { return !ip.starts_with("fe80:"); });
    if (global != interface.ipv6.end()) return *global;
    return interface.ipv6.empty() ? std::string() : interface.ipv6.front();
}

std::string primary_interface(const MachineFiles& files, const Interfaces& interfaces) {
    const std::string routed = default_route_interface(files);
    if (interfaces.contains(routed)) return routed;
    for (const auto& [name, interface] : interfaces) {
        if (name != "lo" && !first_address(interface).empty()) return name;
    }
    return {};
}

Json interface_facts(const Interface& interface) {
    Json facts = {{"ipv4", interface.ipv4}, {"ipv6", interface.ipv6}};
    if (!interface.mac.empty()) facts["mac"] = interface.mac;
    return facts;
}

}  // namespace

Interfaces read_interfaces() {
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
    Interfaces interfaces;
    for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
        const std::string name = to_utf8(entry->ifa_name);
        if (!interfaces.contains(name) && interfaces.size() >= k_max_interfaces) continue;
        Interface& interface = interfaces[name];
        if (entry->ifa_addr != nullptr) add_address(interface, *entry->ifa_addr);
    }
    return interfaces;
}

Json network_facts(const MachineFiles& files, const HostNames& host, const Interfaces& interfaces) {
    Json facts = {{"interfaces", Json::object()}};
    for (const auto& [name, interface] : interfaces)
        facts["interfaces"][name] = interface_facts(interface);
    const std::string primary = primary_interface(files, interfaces);
    if (!host.hostname.empty()) facts["hostname"] = host.hostname;
    if (!host.fqdn.empty()) facts["fqdn"] = host.fqdn;
    if (primary.empty()) return facts;
    facts["primary"] = primary;
    const std::string ip = first_address(interfaces.at(primary));
    if (!ip.empty()) facts["ip"] = ip;
    return facts;
}

}  // namespace hocket::node
