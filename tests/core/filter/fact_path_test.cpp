#include "core/filter/fact_path.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hocket::filter {
namespace {

/// The fact as JSON, or "missing".
std::string found(std::string_view facts, std::string_view path) {
    const Json document = parse_json_object(facts).value();
    const Json* fact = find_fact(document, path);
    return fact == nullptr ? "missing" : dump_json(*fact);
}

TEST(FactPath, WalksObjects) {
    const char* facts = R"({"os":{"release":{"major":12}},"a":null})";
    EXPECT_EQ(found(facts, "os.release.major"), "12");
    EXPECT_EQ(found(facts, "os.release"), R"({"major":12})");
    EXPECT_EQ(found(facts, "a"), "null");
    EXPECT_EQ(found(facts, "os.release.minor"), "missing");
    EXPECT_EQ(found(facts, "os.release.major.x"), "missing");
    EXPECT_EQ(found(facts, "a.b"), "missing");
}

TEST(FactPath, WalksArrayIndices) {
    const char* facts = R"({"disks":[{"name":"sda"},{"name":"sdb"}],"n":[[1,2]]})";
    EXPECT_EQ(found(facts, "disks.1.name"), "\"sdb\"");
    EXPECT_EQ(found(facts, "n.0.1"), "2");
    for (const char* path : {"disks.2.name", "disks.-1", "disks.01.name", "disks.x", "disks.", "disks.1 ",
                             "disks.+1", "disks.99999999999999999999", "disks.name"}) {
        EXPECT_EQ(found(facts, path), "missing") << path;
    }
}

TEST(FactPath, DigitsAreAKeyInAnObject) {
    EXPECT_EQ(found(R"({"a":{"0":"zero"}})", "a.0"), "\"zero\"");
}

TEST(FactPath, KeyWithADotIsFoundFirst) {
    EXPECT_EQ(found(R"({"a":{"b":1},"a.b":2})", "a.b"), "2");
    EXPECT_EQ(found(R"({"x":{"a.b":{"c":1},"a":{"b":{"c":2}}}})", "x.a.b.c"), "1");
    EXPECT_EQ(found(R"({"a.b.c":1})", "a.b.c"), "1");
}

TEST(FactPath, KeyWithADotThatLeadsNowhereDoesNotHideTheOther) {
    EXPECT_EQ(found(R"({"a":{"b":{"c":1}},"a.b":{"d":2}})", "a.b.c"), "1");
    EXPECT_EQ(found(R"({"a":{"b":{"c":1}},"a.b":7})", "a.b.c"), "1");
}

TEST(FactPath, OddPathsAreMissing) {
    const char* facts = R"({"a":{"b":1}})";
    for (const char* path : {"", ".", "a.", ".a", "a..b", "A", "a.b."}) {
        EXPECT_EQ(found(facts, path), "missing") << path;
    }
    EXPECT_EQ(found(R"({"a":{"":1}})", "a."), "1");
}

}  // namespace
}  // namespace hocket::filter
