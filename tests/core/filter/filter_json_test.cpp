#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/filter/expression.h"
#include "core/filter/filter.h"

namespace hocket::filter {
namespace {

Result<Filter> read(std::string_view text) {
    return from_json(parse_json_value(text).value());
}

std::string written_again(std::string_view text) {
    return dump_json(to_json(read(text).value()));
}

std::string refusal(std::string_view text) {
    const Result<Filter> filter = read(text);
    if (filter) return "accepted";
    EXPECT_EQ(filter.error().code, ErrorCode::malformed_message);
    return filter.error().message;
}

std::string repeated(std::string_view element, std::size_t count) {
    std::string list(element);
    for (std::size_t i = 1; i < count; ++i)
        list += "," + std::string(element);
    return list;
}

TEST(FilterJson, RoundTripKeepsEveryKind) {
    const char* text =
        R"({"agents":["disk"],"classes":["web","/^app/"],)"
        R"("facts":[{"fact":"os.family","operator":"=","value":"Debian"},)"
        R"({"fact":"path","operator":"=~","value":"//usr//"}],"identities":["web1.example","/^web/"]})";
    EXPECT_EQ(written_again(text), text);
}

TEST(FilterJson, EverybodyIsTheEmptyObject) {
    EXPECT_EQ(written_again("{}"), "{}");
    EXPECT_TRUE(read("{}")->is_everybody());
}

TEST(FilterJson, CommandLineAndWireAgree) {
    const Filter filter = parse_filter({.facts = {"a==b", "c=/d/", "e>=5"}}).value();
    EXPECT_EQ(
        dump_json(to_json(filter)),
        R"({"facts":[{"fact":"a","operator":"=","value":"b"},{"fact":"c","operator":"=~","value":"/d/"},)"
        R"({"fact":"e","operator":">=","value":"5"}]})");
}

TEST(FilterJson, ExpressionMayStandWithoutSlashes) {
    EXPECT_EQ(written_again(R"({"facts":[{"fact":"a","operator":"=~","value":"^b"}]})"),
              R"({"facts":[{"fact":"a","operator":"=~","value":"/^b/"}]})");
}

TEST(FilterJson, ValueOfEqualIsPlainText) {
    const char* text = R"({"facts":[{"fact":"a","operator":"=","value":"/boot/"}]})";
    EXPECT_EQ(written_again(text), text);
    EXPECT_FALSE(read(text)->facts.at(0).expression().has_value());
}

TEST(FilterJson, UnknownKindIsKeptAndSurvivesARoundTrip) {
    const Filter filter = read(R"({"classes":["a"],"compound":[[{"expr":"x"}]]})").value();
    EXPECT_TRUE(filter.has_unknown_kind());
    EXPECT_EQ(filter.unknown_kinds, std::vector<std::string>{"compound"});
    EXPECT_TRUE(from_json(to_json(filter))->has_unknown_kind());
}

TEST(FilterJson, KindsOfTheAncestorsAreUnknownToo) {
    EXPECT_TRUE(read(R"({"fact":[],"cf_class":[]})")->has_unknown_kind());
    EXPECT_TRUE(read(R"({"Classes":["a"]})")->has_unknown_kind());
}

TEST(FilterJson, RefusesWrongTypes) {
    EXPECT_EQ(refusal("[]"), "the filter is not an object");
    EXPECT_EQ(refusal(R"({"classes":"web"})"), "/classes: is not an array");
    EXPECT_EQ(refusal(R"({"classes":null})"), "/classes: is not an array");
    EXPECT_EQ(refusal(R"({"classes":["a",5]})"), "/classes/1: is not a string");
    EXPECT_EQ(refusal(R"({"facts":["a=b"]})"), "/facts/0: is not an object");
}

TEST(FilterJson, RefusesAnEmptyListRatherThanMeanEverybody) {
    EXPECT_EQ(refusal(R"({"identities":[]})"),
              "/identities: is empty; leave it out when it asks for nothing");
}

TEST(FilterJson, RefusesMalformedFacts) {
    EXPECT_EQ(refusal(R"({"facts":[{"operator":"=","value":"b"}]})"), "/facts/0: member 'fact' is missing");
    EXPECT_EQ(refusal(R"({"facts":[{"fact":"a","value":"b"}]})"), "/facts/0: member 'operator' is missing");
    EXPECT_EQ(refusal(R"({"facts":[{"fact":"a","operator":"="}]})"), "/facts/0: member 'value' is missing");
    EXPECT_EQ(refusal(R"({"facts":[{"fact":"a","operator":"=","value":5}]})"),
              "/facts/0: member 'value' is not a string");
    EXPECT_EQ(refusal(R"({"facts":[{"fact":"a","operator":"=","value":"b","x":1}]})"),
              "/facts/0: has members other than fact, operator and value");
    EXPECT_EQ(refusal(R"({"facts":[{"fact":"a","operator":"==","value":"b"}]})"),
              "/facts/0: operator \"==\" is none of = != < > <= >= =~");
    EXPECT_EQ(refusal(R"({"facts":[{"fact":"","operator":"=","value":"b"}]})"),
              "/facts/0: the fact's name is empty");
}

TEST(FilterJson, RefusesMalformedTerms) {
    EXPECT_EQ(refusal(R"({"classes":["/(/"]})"),
              "/classes/0: regular expression '(' is not valid RE2: missing ): (");
    EXPECT_EQ(refusal(R"({"identities":["WEB1"]})"),
              "/identities/0: \"WEB1\" is not an identity; try 'web1'");
    EXPECT_EQ(refusal(R"({"agents":["a\r\nPUB x"]})"), R"(/agents/0: "a\r\nPUB x" is not an agent's name)");
}

TEST(FilterJson, RefusesMoreTermsOrExpressionsThanTheLimit) {
    EXPECT_EQ(refusal("{\"classes\":[" + repeated("\"a\"", k_max_terms + 1) + "]}"),
              "/classes/10000: more than 10000 terms");
    EXPECT_NE(refusal(R"({"classes":["/\\pL{50}/"]})"), "accepted");
    EXPECT_EQ(refusal("{\"classes\":[" + repeated(R"("/\\pL/")", 6) + "]}"), "accepted");
    EXPECT_NE(refusal("{\"classes\":[" + repeated(R"("/\\pL/")", 7) + "]}"), "accepted");
    EXPECT_EQ(refusal("{\"classes\":[" + repeated("\"/a/\"", k_max_expressions + 1) + "]}"),
              "/classes/100: more than 100 expressions");
}

}  // namespace
}  // namespace hocket::filter
