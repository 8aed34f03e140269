#include "runner/node/fact_formats.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hocket::node {
namespace {

std::string shown(const Result<Json>& facts) {
    return facts ? dump_json(*facts) : "error: " + facts.error().message;
}

std::string text(std::string_view content) {
    return shown(parse_facts(FactFormat::text, content));
}
std::string json(std::string_view content) {
    return shown(parse_facts(FactFormat::json, content));
}
std::string printed(std::string_view output) {
    return shown(parse_printed_facts(output));
}

TEST(FactFormat, GoesByTheExtension) {
    EXPECT_EQ(fact_format_of("/x/a.json"), FactFormat::json);
    EXPECT_EQ(fact_format_of("/x/a.yaml"), FactFormat::yaml);
    EXPECT_EQ(fact_format_of("/x/a.yml"), FactFormat::yaml);
    EXPECT_EQ(fact_format_of("/x/a.txt"), FactFormat::text);
    EXPECT_EQ(fact_format_of("/x/a.sh"), std::nullopt);
    EXPECT_EQ(fact_format_of("/x/json"), std::nullopt);
}

TEST(FactText, LinesOfNameAndValue) {
    EXPECT_EQ(text("role=web\n\n# a comment\n site = Berlin Mitte \r\ncount=5\nexpr=a=b\nempty=\na.b=c"),
              R"({"a.b":"c","count":"5","empty":"","expr":"a=b","role":"web","site":"Berlin Mitte"})");
    EXPECT_EQ(text(""), "{}");
}

TEST(FactText, BrokenLineRefusesTheWholeText) {
    EXPECT_EQ(text("a=1\nnonsense\n"), "error: line 2: not NAME=VALUE");
    EXPECT_EQ(text("=x\n"), "error: line 1: not NAME=VALUE");
    EXPECT_EQ(text("a=1\n\na=2\n"), "error: line 3: duplicate name \"a\"");
    EXPECT_EQ(text("a=\xFF\n"), "error: line 1: not UTF-8");
}

TEST(FactJson, IsStrict) {
    EXPECT_EQ(json(R"({"a":{"b":[1,2.5,null]}})"), R"({"a":{"b":[1,2.5,null]}})");
    EXPECT_EQ(json(R"({"a":1,"a":2})"), "error: duplicate key 'a'");
    EXPECT_EQ(json("[1]"), "error: a JSON object is expected, this is of type array");
    EXPECT_EQ(json("").substr(0, 6), "error:");
}

TEST(PrintedFacts, FormatIsGuessed) {
    EXPECT_EQ(printed("\n {\"a\": 1}\n"), R"({"a":1})");
    EXPECT_EQ(printed("# x\na=1\nb=c: d\n"), R"({"a":"1","b":"c: d"})");
    EXPECT_EQ(printed("a: 1\nb: [c]\n"), R"({"a":1,"b":["c"]})");
    EXPECT_EQ(printed("---\na: x=y\n"), R"({"a":"x=y"})");
    EXPECT_EQ(printed("url: http://x/?a=b\n"), R"({"url":"http://x/?a=b"})");
    EXPECT_EQ(printed("\"a=b\": c\n"), R"({"a=b":"c"})");
}

TEST(PrintedFacts, NothingPrintedIsNoFacts) {
    EXPECT_EQ(printed(""), "{}");
    EXPECT_EQ(printed("\n# nothing today\n"), "{}");
}

TEST(PrintedFacts, NonsenseIsRefused) {
    EXPECT_EQ(printed("command not found\n"), "error: line 1: a mapping of facts is expected");
    EXPECT_EQ(printed("{\"a\": 1").substr(0, 6), "error:");
}

}  // namespace
}  // namespace hocket::node
