#include "runner/node/network_facts.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/runner/node/tree.h"

namespace hocket::node {
namespace {

const char k_routes[] =
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "eth1\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";

const Interfaces k_interfaces = {
    {"eth0", {"02:00:00:00:00:01", {"192.0.2.5", "192.0.2.6"}, {"fe80::1", "2001:db8::5"}}},
    {"eth1", {"02:00:00:00:00:02", {"198.51.100.5"}, {}}},
    {"lo", {"00:00:00:00:00:00", {"127.0.0.1"}, {"::1"}}}};

Json facts_of(const char* routes, const Interfaces& interfaces) {
    Tree tree;
    tree.write("proc/net/route", routes);
    return network_facts(MachineFiles(tree.root()), {"web1", "web1.example"}, interfaces);
}

TEST(NetworkFacts, PrimaryIsTheCheapestDefaultRoute) {
    const Json facts = facts_of(k_routes, k_interfaces);
    EXPECT_EQ(facts["primary"], "eth0");
    EXPECT_EQ(facts["ip"], "192.0.2.5");
    EXPECT_EQ(facts["hostname"], "web1");
    EXPECT_EQ(facts["fqdn"], "web1.example");
}

TEST(NetworkFacts, InterfacesHaveAllTheirAddresses) {
    EXPECT_EQ(
        dump_json(facts_of(k_routes, k_interfaces)["interfaces"]["eth0"]),
        R"({"ipv4":["192.0.2.5","192.0.2.6"],"ipv6":["fe80::1","2001:db8::5"],"mac":"02:00:00:00:00:01"})");
    EXPECT_EQ(dump_json(facts_of("", {{"tun0", {}}})["interfaces"]["tun0"]), R"({"ipv4":[],"ipv6":[]})");
}

TEST(NetworkFacts, WithoutADefaultRouteTheFirstWithAnAddressIsPrimary) {
    EXPECT_EQ(facts_of("", k_interfaces)["primary"], "eth0");
    EXPECT_EQ(facts_of("", {{"a0", {}}, {"b0", {"", {"192.0.2.7"}, {}}}})["primary"], "b0");
}

TEST(NetworkFacts, RouteOfAnInterfaceThatIsGoneDoesNotCount) {
    EXPECT_EQ(
        facts_of("Iface Destination\nppp0 00000000 0 3 0 0 0 00000000 0 0 0\n", k_interfaces)["primary"],
        "eth0");
}

TEST(NetworkFacts, Ipv6IsTakenWhereThereIsNoIpv4) {
    EXPECT_EQ(facts_of("", {{"eth0", {"", {}, {"fe80::1", "2001:db8::5"}}}})["ip"], "2001:db8::5");
    EXPECT_EQ(facts_of("", {{"eth0", {"", {}, {"fe80::1"}}}})["ip"], "fe80::1");
}

TEST(NetworkFacts, LoopbackAloneIsNoPrimary) {
    const Json facts = facts_of("", {{"lo", {"", {"127.0.0.1"}, {}}}});
    EXPECT_FALSE(facts.contains("primary"));
    EXPECT_FALSE(facts.contains("ip"));
}

}  // namespace
}  // namespace hocket::node
