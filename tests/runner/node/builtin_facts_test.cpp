#include "runner/node/builtin_facts.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/runner/node/tree.h"

namespace hocket::node {
namespace {

class BuiltinFacts : public testing::Test {
protected:
    Json facts() const { return builtin_facts(tree_.root()); }

    Tree tree_;
};

TEST_F(BuiltinFacts, Kernel) {
    tree_.write("proc/sys/kernel/ostype", "Linux\n");
    tree_.write("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
    EXPECT_EQ(dump_json(facts()["kernel"]),
              R"({"name":"Linux","release":"6.1.0-18-amd64","version":"6.1.0"})");
}

TEST_F(BuiltinFacts, Cpu) {
    tree_.write(
        "proc/cpuinfo",
        "processor\t: 0\nmodel name\t: Example CPU @ 2.0GHz\n\nprocessor\t: 1\nmodel name\t: other\n");
    EXPECT_EQ(dump_json(facts()["cpu"]), R"({"count":2,"model":"Example CPU @ 2.0GHz"})");
}

TEST_F(BuiltinFacts, CpuWithoutModel) {
    tree_.write("proc/cpuinfo", "processor\t: 0\nBogoMIPS\t: 50.00\n");
    EXPECT_EQ(dump_json(facts()["cpu"]), R"({"count":1})");
}

TEST_F(BuiltinFacts, MemoryInBytes) {
    tree_.write("proc/meminfo",
                "MemTotal:       16384000 kB\nMemFree:  1 kB\nMemAvailable:    8192000 kB\nSwapTotal:        "
                "     0 kB\n");
    EXPECT_EQ(dump_json(facts()["memory"]),
              R"({"available_bytes":8388608000,"swap_total_bytes":0,"total_bytes":16777216000})");
}

TEST_F(BuiltinFacts, UptimeInWholeSeconds) {
    tree_.write("proc/uptime", "1807.36 3313.55\n");
    EXPECT_EQ(facts()["uptime_seconds"], 1807);
}

TEST_F(BuiltinFacts, TimezoneFromTheLinkOrTheName) {
    EXPECT_EQ(facts()["timezone"], "UTC");
    tree_.write("etc/timezone", "Asia/Tokyo\n");
    EXPECT_EQ(facts()["timezone"], "Asia/Tokyo");
    std::filesystem::create_symlink("/usr/share/zoneinfo/Europe/Berlin", tree_.path("etc/localtime"));
    EXPECT_EQ(facts()["timezone"], "Europe/Berlin");
}

TEST_F(BuiltinFacts, NothingToReadIsNothingKnown) {
    const Json empty = facts();
    EXPECT_EQ(dump_json(empty["memory"]), "{}");
    EXPECT_EQ(dump_json(empty["cpu"]), "{}");
    EXPECT_FALSE(empty.contains("uptime_seconds"));
    EXPECT_FALSE(empty["network"].contains("fqdn"));
}

TEST_F(BuiltinFacts, BytesThatAreNotUtf8AreReplaced) {
    tree_.write("proc/sys/kernel/ostype", "Lin\xFFux\n");
    EXPECT_EQ(facts()["kernel"]["name"], "Lin\xEF\xBF\xBDux");
}

TEST(BuiltinFactsOfThisMachine, AreThere) {
    const Json facts = builtin_facts("/");
    EXPECT_EQ(facts["kernel"]["name"], "Linux");
    EXPECT_GT(facts["cpu"]["count"], 0);
    EXPECT_GT(facts["memory"]["total_bytes"], 1'000'000);
    EXPECT_TRUE(facts["os"]["family"].is_string());
    EXPECT_TRUE(facts["architecture"].is_string());
    EXPECT_TRUE(facts["hocket"]["version"].is_string());
    EXPECT_TRUE(facts["network"]["interfaces"].is_object());
}

}  // namespace
}  // namespace hocket::node
