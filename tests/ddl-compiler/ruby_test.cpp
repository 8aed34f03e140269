#include "ddl-compiler/back_ends/ruby.h"

#include <gtest/gtest.h>

#include "ddl-compiler/back_ends/ruby_literal.h"
#include "ddl-compiler/back_ends/ruby_regex.h"
#include "tests/ddl-compiler/samples.h"

namespace hocket::ddl_compiler {
namespace {

TEST(Ruby, AgentIsAsInTheGoldenFile) {
    expect_written("sample.ddl", write_ruby(sample_agent()));
}

TEST(Ruby, DataPluginIsAsInTheGoldenFile) {
    expect_written("data.ddl", write_ruby(sample_data()));
}

TEST(Ruby, DiscoveryPluginIsAsInTheGoldenFile) {
    expect_written("discovery.ddl", write_ruby(sample_discovery()));
}

TEST(Ruby, SaysNothingOfLossesWhenThereAreNone) {
    EXPECT_TRUE(write_ruby(sample_discovery()).starts_with("metadata    :name"));
}

TEST(Ruby, EndsTheUsageOnlyWithItsOwnTag) {
    ddl::OtherPlugin plugin = sample_discovery();
    plugin.metadata.usage = "  USAGE\nEND_OF_USAGE";
    EXPECT_NE(write_ruby(plugin).find(
                  "usage <<-'END_OF_END_OF_USAGE'\n  USAGE\nEND_OF_USAGE\nEND_OF_END_OF_USAGE\n"),
              std::string::npos);
}

TEST(Ruby, WritesUsageWithControlCharactersAsAString) {
    ddl::OtherPlugin plugin = sample_discovery();
    plugin.metadata.usage = "a\r\n#{b}";
    EXPECT_NE(write_ruby(plugin).find(R"(usage "a\r\n\#{b}")"), std::string::npos);
}

TEST(RubyString, InterpolatesNothing) {
    EXPECT_EQ(ruby_string("#{a} #$b #@c # \"d\" \\e \x1B\n"), R"("\#{a} \#$b \#@c # \"d\" \\e \x1b\n")");
}

TEST(RubySymbol, IsQuotedWhenItMustBe) {
    EXPECT_EQ(ruby_symbol("end") + ruby_symbol("1st") + ruby_symbol("a b"), R"(:end:"1st":"a b")");
}

TEST(RubyMethod, IsNoKeyword) {
    EXPECT_TRUE(is_ruby_method("boolean_summary"));
    EXPECT_FALSE(is_ruby_method("if") || is_ruby_method("a-b") || is_ruby_method("A") || is_ruby_method(""));
}

TEST(RubyValue, HasKeysOfEitherKind) {
    const Json value = Json::parse(R"({"a": [1, 1.0, true, null, "x", {}]})");
    EXPECT_EQ(ruby_value(value, RubyKeys::symbols), R"({:a => [1, 1.0, true, nil, "x", {}]})");
    EXPECT_EQ(ruby_value(value, RubyKeys::strings), R"({"a" => [1, 1.0, true, nil, "x", {}]})");
}

struct Pattern {
    const char* re2;
    const char* ruby;
};

class RubyRegex : public testing::TestWithParam<Pattern> {};

TEST_P(RubyRegex, MeansTheSame) {
    EXPECT_EQ(ruby_regex(GetParam().re2), GetParam().ruby);
}

INSTANTIATE_TEST_SUITE_P(Anchors, RubyRegex,
                         testing::Values(Pattern{"^a$", R"(/\Aa\z/)"}, Pattern{R"(\Aa\z)", R"(/\Aa\z/)"},
                                         Pattern{"(?m)^a$", R"(/(?<![^\n])a(?![^\n])/)"},
                                         Pattern{"[$^]", R"(/[$\^]/)"}, Pattern{R"(\^\$)", R"(/\^\$/)"},
                                         Pattern{"^*a", R"(/(?:\A)*a/)"},
                                         Pattern{R"(\ba\B)", R"(/(?a)\ba\B/)"}));

INSTANTIATE_TEST_SUITE_P(
    Flags, RubyRegex,
    testing::Values(Pattern{"(?i)a", "/a/i"}, Pattern{"(?is)a.", "/a./im"}, Pattern{"(?i)(?s)a", "/a/im"},
                    Pattern{"(?s:a.)b", "/(?m:a.)b/"}, Pattern{"a(?i)b|c", "/a(?i:b)|(?i:c)/"},
                    Pattern{"(a(?i)b|c)d", "/(a(?i:b)|(?i:c))d/"}, Pattern{"(?i)a(?-i)b", "/a(?-i:b)/i"},
                    Pattern{"(?i)a(?-i:b)(?i-s:c)", "/a(?-i:b)(?:c)/i"}, Pattern{"a(?U)b*", "/ab*/"},
                    Pattern{"ba+(?i)+a", "/b(?:a+)+(?i:a)/"},
                    Pattern{"(?i:a){2}(?s){3}", "/(?:(?i:a){2}){3}(?m:)/"},
                    Pattern{"a(?i)(?s)*b", "/a*(?im:b)/"},
                    Pattern{"(?i:a(?s).|b)", "/(?i:a(?m:.)|(?m:b))/"}));

INSTANTIATE_TEST_SUITE_P(
    Characters, RubyRegex,
    testing::Values(
        Pattern{"a/b", R"(/a\/b/)"}, Pattern{"#{2}", R"(/\#{2}/)"}, Pattern{"#@a#", R"(/\#@a\#/)"},
        Pattern{R"(\x41\x{e9}\x{1F600}\101\0)", R"(/\x41\u{e9}\u{1f600}\x41\x00/)"},
        Pattern{R"(\Qa.b*\E+)", R"(/a\.b\*+/)"}, Pattern{R"(\pN\p{Greek}\PL)", R"(/\p{N}\p{Greek}\P{L}/)"},
        Pattern{R"(\s\S)", R"(/[\t\n\f\r ][^\t\n\f\r ]/)"}, Pattern{R"(\d\W\-\_\")", R"(/\d\W-_"/)"},
        Pattern{"a\n\tb\xE2\x80\xAE", R"(/a\n\tb\u202e/)"}, Pattern{"", "//"}));

INSTANTIATE_TEST_SUITE_P(Classes, RubyRegex,
                         testing::Values(Pattern{"[]a[b&&c-]", R"(/[\]a\[b\&\&c-]/)"},
                                         Pattern{"[^]]", R"(/[^\]]/)"},
                                         Pattern{R"([\w\.\-/])", R"(/[\w.\-\/]/)"},
                                         Pattern{R"([\s\S])", R"(/[\t\n\f\r \S\v]/)"},
                                         Pattern{"[[:alpha:]_]", "/(?a)[[:alpha:]_]/"},
                                         Pattern{R"([\x00-\x1f!-/])", R"(/[\x00-\x1f!-\/]/)"},
                                         Pattern{"[a-z-9]", R"(/[a-z\-9]/)"}));

INSTANTIATE_TEST_SUITE_P(Repetitions, RubyRegex,
                         testing::Values(Pattern{"a*?b+?c\?\?", "/a*?b+?c\?\?/"},
                                         Pattern{"a{2}?b{1,2}?", "/a{2}b{1,2}/"},
                                         Pattern{"a{,3}{x}", R"(/a\{,3\}\{x\}/)"},
                                         Pattern{"(?P<n>a)(?P<1>b)(c)(?:d)", "/(?<n>a)(b)(c)(?:d)/"}));

}  // namespace
}  // namespace hocket::ddl_compiler
