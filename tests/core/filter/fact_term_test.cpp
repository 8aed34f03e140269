#include "core/filter/fact_term.h"

#include <gtest/gtest.h>

#include "core/filter/term.h"

namespace hocket::filter {
namespace {

struct Case {
    std::string_view text;
    std::string_view path;
    std::string_view op;
    std::string_view value;
};

std::string refusal(std::string_view text) {
    const Result<FactTerm> parsed = FactTerm::parse(text);
    if (parsed) return "accepted";
    EXPECT_EQ(parsed.error().code, ErrorCode::usage);
    return parsed.error().message;
}

class FactTermText : public testing::TestWithParam<Case> {};

TEST_P(FactTermText, IsSplitAtTheLeftmostLongestOperator) {
    const Case& expected = GetParam();
    const Result<FactTerm> term = FactTerm::parse(expected.text);
    ASSERT_TRUE(term.has_value()) << expected.text << ": " << term.error().message;
    EXPECT_EQ(term->path(), expected.path) << expected.text;
    EXPECT_EQ(to_string(term->op()), expected.op) << expected.text;
    EXPECT_EQ(term->value(), expected.value) << expected.text;
}

INSTANTIATE_TEST_SUITE_P(Operators, FactTermText,
                         testing::Values(Case{"os.family=Debian", "os.family", "=", "Debian"},
                                         Case{"os.family==Debian", "os.family", "=", "Debian"},
                                         Case{"a!=b", "a", "!=", "b"}, Case{"a<1", "a", "<", "1"},
                                         Case{"a<=1", "a", "<=", "1"}, Case{"a>1", "a", ">", "1"},
                                         Case{"a>=1", "a", ">=", "1"}, Case{"a=~b", "a", "=~", "/b/"}));

INSTANTIATE_TEST_SUITE_P(ValuesWithOperators, FactTermText,
                         testing::Values(Case{"a=b=c", "a", "=", "b=c"}, Case{"a=b>=c", "a", "=", "b>=c"},
                                         Case{"a>=b=c", "a", ">=", "b=c"}, Case{"a==~b", "a", "=", "~b"},
                                         Case{"a===b", "a", "=", "=b"}, Case{"a=!b", "a", "=", "!b"},
                                         Case{"a=b!=c", "a", "=", "b!=c"}, Case{"a!b=c", "a!b", "=", "c"},
                                         Case{"a~b=c", "a~b", "=", "c"}));

INSTANTIATE_TEST_SUITE_P(Blanks, FactTermText,
                         testing::Values(Case{" a = b c ", "a", "=", "b c"}, Case{"a >= 5", "a", ">=", "5"},
                                         Case{"a b=c", "a b", "=", "c"}, Case{"a = /b/ ", "a", "=~", "/b/"},
                                         Case{"a =", "a", "=", ""}, Case{"a!=", "a", "!=", ""}));

INSTANTIATE_TEST_SUITE_P(Expressions, FactTermText,
                         testing::Values(Case{"a=/^b/", "a", "=~", "/^b/"}, Case{"a==/b/", "a", "=~", "/b/"},
                                         Case{"a=~/b/", "a", "=~", "/b/"},
                                         Case{"a=~/usr/lib", "a", "=~", "//usr/lib/"},
                                         Case{"a=//usr/lib//", "a", "=~", "//usr/lib//"},
                                         Case{"a=/b", "a", "=", "/b"}, Case{"a=b/", "a", "=", "b/"},
                                         Case{"a=/x=y/", "a", "=~", "/x=y/"}));

TEST(FactTerm, RefusesTextWithoutOperator) {
    EXPECT_EQ(refusal("os.family"), "no operator; write NAME=VALUE, or one of = != < > <= >= =~");
    EXPECT_NE(refusal(""), "accepted");
    EXPECT_NE(refusal("a!b"), "accepted");
}

TEST(FactTerm, RefusesOperatorsOfTheAncestorsInsteadOfMisreadingThem) {
    EXPECT_EQ(
        refusal("a=>5"),
        "the value \">5\" starts with an operator; write >= or <= for a comparison, =~ for such a text");
    EXPECT_NE(refusal("a=<5"), "accepted");
    EXPECT_NE(refusal("a<>5"), "accepted");
    EXPECT_NE(refusal("a = >5"), "accepted");
}

TEST(FactTerm, RefusesExpressionBehindAnotherOperator) {
    EXPECT_EQ(refusal("a!=/b/"), "'!=' takes a plain value; an /expression/ goes with =~");
    EXPECT_NE(refusal("a>/b/"), "accepted");
}

TEST(FactTerm, RefusesMissingPathOrValue) {
    EXPECT_EQ(refusal("=b"), "the fact's name is empty");
    EXPECT_EQ(refusal("a>"), "'>' needs a value");
    EXPECT_EQ(refusal("a<= "), "'<=' needs a value");
    EXPECT_EQ(refusal("a=~"), "the expression is empty and would match everything; try /./");
    EXPECT_EQ(refusal("a=//"), "the expression is empty and would match everything; try /./");
}

TEST(FactTerm, RefusesLongOrBrokenTexts) {
    EXPECT_EQ(refusal("a=" + std::string(k_max_literal_bytes + 1, 'b')),
              "the value has 1025 bytes, the limit is 1024");
    EXPECT_EQ(refusal(std::string(k_max_literal_bytes + 1, 'a') + "=b"),
              "the fact's name has 1025 bytes, the limit is 1024");
    EXPECT_EQ(refusal("a=\xff"), "the value is not UTF-8");
    EXPECT_EQ(refusal("a=~["), "regular expression '[' is not valid RE2: missing ]: [");
}

TEST(FactTerm, PartsOfAMessageAreTakenLiterally) {
    const FactTerm term = FactTerm::make("a=b", FactOperator::equal, "/boot/").value();
    EXPECT_EQ(term.path(), "a=b");
    EXPECT_EQ(term.value(), "/boot/");
    EXPECT_FALSE(term.expression().has_value());
}

TEST(FactTerm, MessagesHaveOneSpellingOfEachOperator) {
    EXPECT_EQ(fact_operator_from(">="), FactOperator::greater_equal);
    EXPECT_EQ(fact_operator_from("=="), std::nullopt);
    EXPECT_EQ(fact_operator_from("=>"), std::nullopt);
    EXPECT_EQ(fact_operator_from(""), std::nullopt);
}

}  // namespace
}  // namespace hocket::filter
