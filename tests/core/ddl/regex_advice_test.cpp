#include "core/ddl/regex_advice.h"

#include <gtest/gtest.h>

#include "core/ddl/validation.h"

namespace hocket::ddl {
namespace {

struct Foreign {
    const char* pattern;
    const char* advice;
};

class ForeignRegex : public testing::TestWithParam<Foreign> {};

TEST_P(ForeignRegex, IsRefusedAndNamed) {
    const Result<Validation> refused = Validation::compile(GetParam().pattern);
    ASSERT_FALSE(refused) << GetParam().pattern;
    const std::string advice = foreign_regex_feature(GetParam().pattern, refused.error().message);
    EXPECT_NE(advice.find(GetParam().advice), std::string::npos) << GetParam().pattern << ": " << advice;
}

INSTANTIATE_TEST_SUITE_P(
    All, ForeignRegex,
    testing::Values(
        Foreign{"^(?=.*x)", "look-ahead"}, Foreign{"a(?!b)", "look-ahead"}, Foreign{"(?<=a)b", "look-behind"},
        Foreign{"(?<!a)b", "look-behind"}, Foreign{"(a)\\1", "back-references"},
        Foreign{"(?P<n>a)\\k<n>", "back-references"}, Foreign{"a++", "possessive"},
        Foreign{"[a-z]*+", "possessive"}, Foreign{"(?>ab)c", "atomic"},
        Foreign{"^\\h+$", "\\h is not in RE2"}, Foreign{"\\A[a-z]+\\Z", "\\z"},
        Foreign{"(?<name>a)", "(?P<name>"}, Foreign{"a(?#note)", "comments"}, Foreign{"x\\Ry", "\\r?\\n"},
        Foreign{"[]\\](?=]*(?=b)", "look-ahead"}, Foreign{"^\\p{Alpha}+$", "[[:alpha:]]"},
        Foreign{"^\\p{^Alpha}$", "[[:alpha:]]"}, Foreign{"^\\p{alpha}$", "[[:alpha:]]"},
        Foreign{"\\p{L&}", "[[:alpha:]]"}, Foreign{"(?^i:a)", "the flags of RE2"},
        Foreign{"^\\101\\e$", "\\x1b"}, Foreign{"\\cA", "\\x01"}, Foreign{"^\\H$", "[^0-9A-Fa-f]"},
        Foreign{"^\\X$", "\\PM\\pM*"}, Foreign{"a\\Kb", "not needed"}, Foreign{"^\\N$", "[^\\n]"},
        Foreign{"^\\u00e9$", "\\x{…}"}, Foreign{"^\\x4$", "two digits"}, Foreign{"[\\b]", "\\x08"},
        Foreign{"^\\y$", "leave the backslash out"}, Foreign{"(?(1)a|b)", "conditions"},
        Foreign{"(?~ab)", "absence"}, Foreign{"(?|(a)|(b))", "share a number"},
        Foreign{"(?'n'a)", "(?P<name>"}, Foreign{"(?P<n>a)(?P=n)", "back-ref"},
        Foreign{"(a(?1)?)", "within itself"}, Foreign{"(a(?R)?)", "within itself"},
        Foreign{"(?<n>a\\g<n>?)", "(?P<name>"}, Foreign{"a\\g<0>?", "within itself"},
        Foreign{"(*FAIL)", "verbs"}, Foreign{"(?x) a", "the flag x"}, Foreign{"(?a)b", "the flags of RE2"},
        Foreign{"a{1001}", "to 1000"}, Foreign{"a{1,2000}", "to 1000"},
        Foreign{"(?:(?:a{100}){10}b){2}", "to 1000"}, Foreign{"a{2}{3}", "(?:a{2}){3}"},
        Foreign{"[[:(](?=a)", "look-ahead"}));

TEST(ForeignRegex, SaysNothingAboutWhatIsMerelyBroken) {
    for (const char* const pattern :
         {"a(b", "[(?=]", "\\(?=a", "^\\101[[:nope:]]$", "(?:a+?){2,}?(?i)(?P<n>a)(?i-s:b)[", "\\Q(?=\\E(",
          "^[a-z]{1,64}(\\.[a-z]{1,64}$", "^\\x{2028}($", "\\x{110000}", "(?C1)a", "\\Q(?=", "\\x{12",
          "\\"}) {
        const Result<Validation> refused = Validation::compile(pattern);
        const std::string advice = foreign_regex_feature(pattern, refused ? "" : refused.error().message);
        EXPECT_TRUE(advice.empty() || advice.starts_with("the flags")) << pattern << ": " << advice;
    }
}

}  // namespace
}  // namespace hocket::ddl
