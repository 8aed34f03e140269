#include "runner/node/identity.h"

#include <gtest/gtest.h>

#include "tests/runner/node/tree.h"

namespace hocket::node {
namespace {

std::string refusal(std::string_view configured, const HostNames& host) {
    const Result<std::string> identity = node_identity(configured, host);
    if (identity) return "accepted";
    EXPECT_EQ(identity.error().code, ErrorCode::invalid_config);
    return identity.error().message;
}

HostNames names_of(std::string_view hostname, std::string_view hosts) {
    Tree tree;
    tree.write("proc/sys/kernel/hostname", hostname);
    tree.write("etc/hosts", hosts);
    return read_host_names(MachineFiles(tree.root()));
}

TEST(HostNames, KernelNameWithADomainIsTaken) {
    const HostNames names = names_of("Web1.Example.org\n", "10.0.0.1 web1.other web1\n");
    EXPECT_EQ(names.hostname, "web1");
    EXPECT_EQ(names.fqdn, "web1.example.org");
}

TEST(HostNames, DomainComesFromEtcHosts) {
    const HostNames names =
        names_of("web1\n", "127.0.0.1 localhost\n127.0.1.1\tWEB1.example.org web1 # me\n");
    EXPECT_EQ(names.hostname, "web1");
    EXPECT_EQ(names.fqdn, "web1.example.org");
}

TEST(HostNames, CommentsAndOthersLinesDoNotCount) {
    EXPECT_EQ(names_of("web1", "# 10.0.0.1 web1.example web1\n10.0.0.2 web11.example web11\n").fqdn, "web1");
    EXPECT_EQ(names_of("web1", "10.0.0.1 db1.example web1\n").fqdn, "web1");
}

TEST(HostNames, UnknownNameIsEmpty) {
    const Tree tree;
    const HostNames names = read_host_names(MachineFiles(tree.root()));
    EXPECT_EQ(names.hostname, "");
    EXPECT_EQ(names.fqdn, "");
}

TEST(Identity, ConfiguredOneWins) {
    EXPECT_EQ(node_identity("db_1.example", {"web1", "web1.example"}).value(), "db_1.example");
}

TEST(Identity, DefaultsToTheFullName) {
    EXPECT_EQ(node_identity("", {"web1", "web1.example"}).value(), "web1.example");
    EXPECT_EQ(node_identity("", {"web1", "web1"}).value(), "web1");
}

TEST(Identity, ConfiguredOneIsNotBentIntoShape) {
    EXPECT_EQ(refusal("Web1", {"web1", "web1"}),
              "identity \"Web1\" is not lower-case labels of [a-z0-9_-] joined by single dots, 253 "
              "characters at most; "
              "try 'web1'");
    EXPECT_NE(refusal("web 1", {"web1", "web1"}), "accepted");
    EXPECT_NE(refusal("web1.", {"web1", "web1"}), "accepted");
}

TEST(Identity, ErrorSaysWhatToSet) {
    EXPECT_EQ(refusal("", {}), "the host has no name; set `identity` in the configuration");
    EXPECT_EQ(
        refusal("", {"web1", "web1..example"}),
        "the host's name \"web1..example\" is not lower-case labels of [a-z0-9_-] joined by single dots, 253 "
        "characters at most; set `identity` in the configuration");
}

TEST(Identity, LocalhostIsNobody) {
    EXPECT_EQ(refusal("", {"localhost", "localhost.localdomain"}),
              "the host is called \"localhost.localdomain\", as every other is; set `identity` in the "
              "configuration");
    EXPECT_EQ(node_identity("localhost", {}).value(), "localhost");
}

}  // namespace
}  // namespace hocket::node
