#include "runner/node/yaml_facts.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hocket::node {
namespace {

std::string read(std::string_view text) {
    const Result<Json> facts = parse_yaml_facts(text);
    return facts ? dump_json(*facts) : "error: " + facts.error().message;
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

TEST(YamlFacts, MappingsAndSequences) {
    EXPECT_EQ(read("role: web\ndisks:\n  - name: sda\n  - {name: sdb, size: 5}\n"),
              R"({"disks":[{"name":"sda"},{"name":"sdb","size":5}],"role":"web"})");
}

TEST(YamlFacts, PlainScalarsAreWhatJsonCallsThem) {
    EXPECT_EQ(read("[a]: 1"), "error: line 1: a key is not a plain text");
    EXPECT_EQ(read("a: true\nb: False\nc: null\nd: ~\ne:\nf: 12\ng: -1.5\nh: 1e3\n"),
              R"({"a":true,"b":false,"c":null,"d":null,"e":null,"f":12,"g":-1.5,"h":1000.0})");
}

TEST(YamlFacts, OtherPlainScalarsAreTexts) {
    EXPECT_EQ(
        read("a: no\nb: on\nc: 0755\nd: 1_000\ne: 0x10\nf: .5\ng: 1.2.3\nh: 2024-01-01\ni: .nan\nj: 1e999\n"),
        R"({"a":"no","b":"on","c":"0755","d":"1_000","e":"0x10","f":".5","g":"1.2.3","h":"2024-01-01",)"
        R"("i":".nan","j":"1e999"})");
}

TEST(YamlFacts, QuotedScalarsAreTexts) {
    EXPECT_EQ(read("a: '12'\nb: \"true\"\nc: !!str 5\nd: ''\ne: |\n  x\n"),
              R"({"a":"12","b":"true","c":"5","d":"","e":"x\n"})");
}

TEST(YamlFacts, KeysAreTexts) {
    EXPECT_EQ(read("1: a\nyes: b\n"), R"({"1":"a","yes":"b"})");
}

TEST(YamlFacts, NothingIsNoFacts) {
    EXPECT_EQ(read(""), "{}");
    EXPECT_EQ(read("# only a comment\n"), "{}");
    EXPECT_EQ(read("---\n"), "{}");
}

TEST(YamlFacts, RefusesWhatIsNotOneMapping) {
    EXPECT_EQ(read("- a\n"), "error: line 1: a mapping of facts is expected");
    EXPECT_EQ(read("text"), "error: line 1: a mapping of facts is expected");
    EXPECT_EQ(read("a: 1\n---\nb: 2\n"), "error: line 3: a second document");
}

TEST(YamlFacts, RefusesDuplicateKeys) {
    EXPECT_EQ(read("a: 1\nb: 2\na: 3\n"), "error: line 3: duplicate key \"a\"");
    EXPECT_EQ(read("x:\n  a: 1\n  'a': 2\n"), "error: line 3: duplicate key \"a\"");
}

TEST(YamlFacts, RefusesBrokenYamlWithItsLine) {
    EXPECT_EQ(read("a: 1\nb: [1, 2\n").substr(0, 12), "error: line ");
    EXPECT_EQ(read("a: *unknown\n").substr(0, 13), "error: line 1");
    EXPECT_EQ(read("a: \xFF\n"), "error: not UTF-8");
}

TEST(YamlFacts, AliasesAreFollowed) {
    EXPECT_EQ(read("a: &x {b: 1}\nc: *x\n"), R"({"a":{"b":1},"c":{"b":1}})");
}

TEST(YamlFacts, AliasesOfAliasesAreBounded) {
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 10; ++i) {
        const std::string before = "*a" + std::to_string(i - 1) + ",";
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(before, 9) +
                before.substr(0, before.size() - 1) + "]\n";
    }
    EXPECT_NE(read(bomb).find("more than 100000 values"), std::string::npos);
}

TEST(YamlFacts, AliasOfItselfIsBounded) {
    EXPECT_NE(read("a: &x [*x]\n").find("nested deeper than 32 levels"), std::string::npos);
}

TEST(YamlFacts, DepthIsBounded) {
    EXPECT_NE(read("a: " + repeated("[", 40) + repeated("]", 40)).find("nested deeper than 32 levels"),
              std::string::npos);
    EXPECT_EQ(read("a: " + repeated("[", 200'000)).substr(0, 6), "error:");
    EXPECT_EQ(read(repeated("- ", 200'000)).substr(0, 6), "error:");
}

}  // namespace
}  // namespace hocket::node
