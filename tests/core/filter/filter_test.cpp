#include "core/filter/filter.h"

#include <gtest/gtest.h>

#include "core/filter/expression.h"

namespace hocket::filter {
namespace {

std::string refusal(const FilterTexts& texts) {
    const Result<Filter> parsed = parse_filter(texts);
    if (parsed) return "accepted";
    EXPECT_EQ(parsed.error().code, ErrorCode::usage);
    return parsed.error().message;
}

std::vector<std::string> names(std::size_t count, const std::string& before, const std::string& after) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < count; ++i)
        texts.push_back(before + std::to_string(i) + after);
    return texts;
}

TEST(FilterTexts, EveryOptionFillsItsKind) {
    const Filter filter =
        parse_filter({.facts = {"a=b"}, .classes = {" web "}, .agents = {"disk"}, .identities = {"/^w/"}})
            .value();
    EXPECT_EQ(filter.facts.at(0).path(), "a");
    EXPECT_EQ(filter.classes.at(0).text(), "web");
    EXPECT_EQ(filter.agents.at(0).text(), "disk");
    EXPECT_EQ(filter.identities.at(0).text(), "/^w/");
    EXPECT_FALSE(filter.is_everybody());
}

TEST(FilterTexts, ErrorNamesTheOptionAndTheText) {
    EXPECT_EQ(refusal({.facts = {"a"}}),
              "-F \"a\": no operator; write NAME=VALUE, or one of = != < > <= >= =~");
    EXPECT_EQ(refusal({.classes = {"ok", ""}}), "-C \"\": the class is empty");
    EXPECT_EQ(refusal({.agents = {"Disk"}}), "-A \"Disk\": \"Disk\" is not an agent's name; try 'disk'");
    EXPECT_EQ(refusal({.identities = {"a b"}}), "-I \"a b\": \"a b\" is not an identity");
}

TEST(FilterTexts, NumberOfTermsIsLimited) {
    EXPECT_EQ(refusal({.identities = names(k_max_terms, "n", "")}), "accepted");
    EXPECT_EQ(refusal({.facts = {"a=b"}, .identities = names(k_max_terms, "n", "")}),
              "10001 filter terms, the limit is 10000");
}

TEST(FilterTexts, SizeOfExpressionsIsLimited) {
    EXPECT_EQ(refusal({.classes = std::vector<std::string>(6, "/\\pL/")}), "accepted");
    EXPECT_NE(refusal({.facts = {"a=/\\pL/"}, .classes = std::vector<std::string>(6, "/\\pL/")})
                  .find("too large together"),
              std::string::npos);
}

TEST(FilterTexts, NumberOfExpressionsIsLimited) {
    EXPECT_EQ(refusal({.classes = names(k_max_expressions, "/", "/")}), "accepted");
    EXPECT_EQ(refusal({.facts = {"a=/b/"}, .classes = names(k_max_expressions, "/", "/")}),
              "101 expressions in the filter, the limit is 100; try one with alternatives, /a|b/");
}

TEST(Filter, LiteralIdentitiesNeedNoDiscovery) {
    const Filter filter = parse_filter({.identities = {"b", "a", "b"}}).value();
    EXPECT_EQ(filter.literal_identities(), (std::vector<std::string>{"b", "a"}));
}

TEST(Filter, AnythingElseNeedsDiscovery) {
    EXPECT_EQ(Filter{}.literal_identities(), std::nullopt);
    EXPECT_EQ(parse_filter({.identities = {"a", "/b/"}})->literal_identities(), std::nullopt);
    EXPECT_EQ(parse_filter({.facts = {"x=1"}, .identities = {"a"}})->literal_identities(), std::nullopt);
    EXPECT_EQ(parse_filter({.classes = {"x"}, .identities = {"a"}})->literal_identities(), std::nullopt);
    EXPECT_EQ(parse_filter({.agents = {"x"}, .identities = {"a"}})->literal_identities(), std::nullopt);
}

TEST(Filter, OnlyAFilterWithoutTermsMeansEverybody) {
    EXPECT_TRUE(Filter{}.is_everybody());
    EXPECT_FALSE((Filter{.unknown_kinds = {"x"}}).is_everybody());
}

}  // namespace
}  // namespace hocket::filter
