#include "core/base/regex.h"

#include <gtest/gtest.h>

namespace hocket {
namespace {

constexpr std::size_t k_plenty = 1000;

std::string first(std::string_view pattern, std::string_view text, std::string_view replacement) {
    return Regex::compile(pattern).value().replace_first(text, replacement, k_plenty).value_or("too long");
}

std::string all(std::string_view pattern, std::string_view text, std::string_view replacement) {
    return Regex::compile(pattern).value().replace_all(text, replacement, k_plenty).value_or("too long");
}

TEST(Regex, ReplacesTheFirstMatchOrAll) {
    EXPECT_EQ(first("o", "foo", "0"), "f0o");
    EXPECT_EQ(all("o", "foo", "0"), "f00");
    EXPECT_EQ(all("x", "foo", "0"), "foo");
    EXPECT_EQ(all("x", "", "0"), "");
}

TEST(Regex, ReplacesEmptyMatchesAsRubyDoes) {
    EXPECT_EQ(all("x*", "abc", "-"), "-a-b-c-");
    EXPECT_EQ(all("b*", "abc", "-"), "-a--c-");
    EXPECT_EQ(all("c*", "abc", "-"), "-a-b--");
    EXPECT_EQ(all("x*", "\u00e9", "-"), "-\u00e9-");
    EXPECT_EQ(first("x*", "abc", "-"), "-abc");
}

TEST(Regex, ReplacementRefersToGroups) {
    EXPECT_EQ(first("(f)(o+)", "foo!", R"(<\2\1|\0|\&|\9>)"), "<oof|foo|foo|>!");
    EXPECT_EQ(first("o", "foo", R"(\\0\q\)"), R"(f\0\q\o)");
}

TEST(Regex, AnchorsSeeTheWholeText) {
    EXPECT_EQ(all("^a", "aaa", "b"), "baa");
    EXPECT_EQ(all("(?m)^a", "a\na", "b"), "b\nb");
}

TEST(Regex, ReplacementHasALimit) {
    EXPECT_EQ(all("a", std::string(500, 'a'), "bbb"), "too long");
    EXPECT_EQ(first("a+", std::string(500, 'a'), R"(\0\0\0)"), "too long");
    EXPECT_EQ(all("a", std::string(500, 'a'), "bb").size(), 1000U);
}

TEST(Regex, QuotedTextMatchesItselfAlone) {
    EXPECT_EQ(all(Regex::quote("a.b"), "a.b axb", "!"), "! axb");
}

TEST(Regex, PatternHasALimit) {
    EXPECT_TRUE(Regex::compile(std::string(16U << 10U, 'a')));
    std::string brackets;
    while (brackets.size() <= 16U << 10U)
        brackets += "[[:";
    EXPECT_EQ(Regex::compile(brackets).error().message,
              "a regular expression of 16386 bytes, the limit is 16384");
}

TEST(RegexCache, CompilesAPatternOnce) {
    RegexCache cache;
    const Result<Regex> regex = cache.compile("^a+$");
    ASSERT_TRUE(regex);
    EXPECT_EQ(&cache.compile("^a+$").value().pattern(), &regex->pattern());
    EXPECT_NE(&cache.compile("^b+$").value().pattern(), &regex->pattern());
}

TEST(RegexCache, HasABound) {
    RegexCache cache;
    const Regex regex = cache.compile("a").value();
    for (int number = 0; number < 2'000; ++number)
        EXPECT_TRUE(cache.compile("a{" + std::to_string(number % 900) + "}" + std::to_string(number)));
    EXPECT_NE(&cache.compile("a").value().pattern(), &regex.pattern());
    EXPECT_TRUE(regex.search("a"));
}

TEST(RegexCache, SaysWhyAPatternIsWrong) {
    RegexCache cache;
    EXPECT_EQ(cache.compile("(").error().message, Regex::compile("(").error().message);
    EXPECT_FALSE(cache.compile("("));
}

}  // namespace
}  // namespace hocket
