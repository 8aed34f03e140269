#include "core/filter/term.h"

#include <gtest/gtest.h>

#include "core/filter/expression.h"

namespace hocket::filter {
namespace {

using Kind = Term::Kind;

Term term(Kind kind, std::string_view text) {
    return Term::parse(kind, text).value();
}

std::string refusal(Kind kind, std::string_view text) {
    const Result<Term> parsed = Term::parse(kind, text);
    if (parsed) return "accepted";
    EXPECT_EQ(parsed.error().code, ErrorCode::usage);
    return parsed.error().message;
}

TEST(Term, LiteralIsEqualByteByByte) {
    const Term web = term(Kind::class_name, "web");
    EXPECT_TRUE(web.is_literal());
    EXPECT_TRUE(web.matches("web"));
    EXPECT_FALSE(web.matches("Web"));
    EXPECT_FALSE(web.matches("web2"));
    EXPECT_FALSE(web.matches(""));
}

TEST(Term, ExpressionIsSearchedAndCaseSensitive) {
    const Term web = term(Kind::identity, "/eb[0-9]/");
    EXPECT_FALSE(web.is_literal());
    EXPECT_TRUE(web.matches("web1.example"));
    EXPECT_FALSE(web.matches("wEb1.example"));
    EXPECT_FALSE(web.matches("web.example"));
}

TEST(Term, AnchorsAreTheEndsOfTheTextNotOfALine) {
    EXPECT_FALSE(term(Kind::class_name, "/^web$/").matches("db\nweb"));
}

TEST(Term, OnlyTheOuterSlashesAreRemoved) {
    const Term path = term(Kind::class_name, "/^a/b$/");
    EXPECT_TRUE(path.matches("a/b"));
    EXPECT_FALSE(path.matches("ab"));
    EXPECT_TRUE(term(Kind::class_name, "//opt//").matches("x/opt/y"));
}

TEST(Term, KeepsTheTextAsWritten) {
    EXPECT_EQ(term(Kind::agent, "disk").text(), "disk");
    EXPECT_EQ(term(Kind::agent, "/^d/").text(), "/^d/");
}

TEST(Term, ClassesAreFreeText) {
    EXPECT_TRUE(term(Kind::class_name, "Apache::Mod::SSL").matches("Apache::Mod::SSL"));
    EXPECT_TRUE(term(Kind::class_name, "a=b c").matches("a=b c"));
}

TEST(Term, RefusesIdentityInUpperCaseAndShowsTheSpelling) {
    EXPECT_EQ(refusal(Kind::identity, "Web1.Example"),
              "\"Web1.Example\" is not an identity; try 'web1.example'");
}

TEST(Term, RefusesNamesOutsideOfTheirGrammar) {
    EXPECT_EQ(refusal(Kind::identity, "web 1"), "\"web 1\" is not an identity");
    EXPECT_EQ(refusal(Kind::identity, "web.*"), "\"web.*\" is not an identity");
    EXPECT_EQ(refusal(Kind::agent, "disk.usage"), "\"disk.usage\" is not an agent's name");
    EXPECT_EQ(refusal(Kind::agent, "Disk"), "\"Disk\" is not an agent's name; try 'disk'");
}

TEST(Term, RefusesClassThatIsEmptyLongOrNotUtf8) {
    EXPECT_EQ(refusal(Kind::class_name, ""), "the class is empty");
    EXPECT_EQ(refusal(Kind::class_name, "\xff"), "the class is not UTF-8");
    EXPECT_EQ(refusal(Kind::class_name, std::string(k_max_literal_bytes + 1, 'a')),
              "the class has 1025 bytes, the limit is 1024");
}

TEST(Term, RefusesExpressionThatIsNotClosed) {
    EXPECT_EQ(refusal(Kind::class_name, "/^web"),
              "\"/^web\" starts like an /expression/ but does not end with a slash");
    EXPECT_NE(refusal(Kind::class_name, "/"), "accepted");
}

TEST(Term, RefusesExpressionThatIsEmptyLongOrInvalid) {
    EXPECT_EQ(refusal(Kind::class_name, "//"), "the expression is empty and would match everything; try /./");
    EXPECT_EQ(refusal(Kind::class_name, "/" + std::string(k_max_expression_bytes + 1, 'a') + "/"),
              "the expression has 1025 bytes, the limit is 1024");
    EXPECT_EQ(refusal(Kind::class_name, "/(/"), "regular expression '(' is not valid RE2: missing ): (");
}

TEST(Term, RefusesExpressionThatCostsTooMuch) {
    EXPECT_NE(refusal(Kind::class_name, "/((a{100}){100}){100}/"), "accepted");
}

}  // namespace
}  // namespace hocket::filter
