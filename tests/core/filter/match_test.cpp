#include "core/filter/match.h"

#include <gtest/gtest.h>
#include <vector>

#include <nlohmann/json.hpp>

namespace hocket::filter {
namespace {

struct Case {
    std::string_view fact;  ///< the JSON of the fact `f`
    std::string_view term;
    bool expected;
};

bool fact_holds(std::string_view facts, std::string_view term) {
    return holds(FactTerm::parse(term).value(), parse_json_object(facts).value());
}

void expect_all(const std::vector<Case>& cases) {
    for (const Case& one : cases) {
        const std::string facts = "{\"f\":" + std::string(one.fact) + "}";
        EXPECT_EQ(fact_holds(facts, one.term), one.expected) << facts << " " << one.term;
    }
}

TEST(FactComparison, NumbersCompareByValue) {
    expect_all({
        {"1.2", "f=1", false},
        {"1.2", "f=1.20", true},
        {"16", "f=16.0", true},
        {"16.0", "f=16", true},
        {"10.5", "f>9", true},
        {"9", "f>10.5", false},
        {"-5", "f<0", true},
        {"-5", "f<-10", false},
        {"1.5", "f>1.5", false},
        {"1.5", "f>=1.5", true},
        {"1.5", "f<=1.5", true},
        {"1.5", "f<1.5", false},
        {"16", "f>9.5", true},
        {"5", "f!=5.0", false},
        {"5", "f!=6", true},
        {"0", "f=-0", true},
        {"1e3", "f=1000", true},
        {"1e3", "f=1e3", false},
    });
}

TEST(FactComparison, LargeNumbersAreExact) {
    expect_all({
        {"9007199254740993", "f=9007199254740992", false},
        {"9007199254740993", "f>9007199254740992", true},
        {"9223372036854775807", "f=9223372036854775807", true},
    });
}

TEST(FactComparison, NumericStringsAreNumbers) {
    expect_all({
        {R"("16")", "f=16.0", true},
        {R"("10.5")", "f>9", true},
        {R"("-5")", "f<0", true},
        {R"("16")", "f!=16.0", false},
        {R"("9")", "f<10", true},
        {R"("007")", "f=7", false},
        {R"("1e5")", "f=100000", false},
        {R"("0x10")", "f=16", false},
        {R"(" 5")", "f=5", false},
    });
}

TEST(FactComparison, StringsWithFractionsOnBothSidesAreVersions) {
    expect_all({
        {R"("12.11")", "f>=12.5", true},
        {R"("15.10")", "f=15.1", false},
        {R"("15.10")", "f!=15.1", true},
        {R"("15.10")", "f=15.10", true},
        {R"("22.04")", "f<22.10", true},
        {R"("12.11")", "f>12", true},
        {R"("12.11")", "f<13", true},
        {"12.11", "f>=12.5", false},
        {R"("-0.75")", "f<-0.5", true},
        {R"("-0.5")", "f<0.25", true},
        {R"("15.1")", "f<=15.1", true},
    });
}

TEST(FactComparison, NumberAndTextAreNeverEqualNorOrdered) {
    expect_all({
        {"5", "f=five", false},
        {"5", "f!=five", true},
        {"5", "f<five", false},
        {"5", "f>five", false},
        {"5", "f>=a", false},
        {"5", "f=", false},
        {"12", "f>=5.10.2", false},
    });
}

TEST(FactComparison, StringsAreEqualByteByByte) {
    expect_all({
        {R"("Debian")", "f=Debian", true},
        {R"("Debian")", "f=debian", false},
        {R"("Debian")", "f!=debian", true},
        {R"("Debian")", "f!=Debian", false},
        {R"("b=c")", "f=b=c", true},
        {R"("")", "f=", true},
        {R"("x")", "f!=", true},
        {R"("1.2.3")", "f=1.2.3", true},
        {R"("1.02.3")", "f=1.2.3", false},
    });
}

TEST(FactComparison, TextsOrderTheirDigitsAsNumbers) {
    expect_all({
        {R"("5.10.0-8-amd64")", "f>=5.9.1", true},
        {R"("5.10.0")", "f>5.9", true},
        {R"("6.1")", "f<6.1.0", true},
        {R"("web2")", "f<web10", true},
        {R"("abc")", "f<abd", true},
        {R"("Abc")", "f<abc", true},
        {R"("abc")", "f<=abc", true},
        {R"("n/a")", "f>8", false},
        {R"("n/a")", "f<8", false},
        {R"("12.5")", "f<12.10.0", true},
        {R"("")", "f<5", false},
    });
}

TEST(FactComparison, BooleansEqualTheirWordsOnly) {
    expect_all({
        {"true", "f=true", true},
        {"true", "f=false", false},
        {"false", "f=false", true},
        {"false", "f!=false", false},
        {"false", "f!=true", true},
        {"true", "f!=true", false},
        {"false", "f=banana", false},
        {"true", "f=True", false},
        {"true", "f=1", false},
        {"false", "f=0", false},
        {"true", "f>false", false},
        {"true", "f>=true", false},
        {R"("true")", "f=true", true},
        {"true", "f=~^tr", true},
        {"false", "f=~tr", false},
    });
}

TEST(FactComparison, MissingAndNullHoldUnderNoOperator) {
    for (const char* op : {"=", "!=", "<", "<=", ">", ">=", "=~"}) {
        const std::string term = std::string("f") + op + "x";
        EXPECT_FALSE(fact_holds("{}", term)) << term;
        EXPECT_FALSE(fact_holds(R"({"f":null})", term)) << term;
        EXPECT_FALSE(fact_holds(R"({"f":{"x":1}})", term)) << term;
    }
    EXPECT_FALSE(fact_holds(R"({"f":null})", "f=null"));
    EXPECT_FALSE(fact_holds(R"({"f":null})", "f="));
}

TEST(FactComparison, ExpressionsSearchTheTextForm) {
    expect_all({
        {R"("Debian")", "f=~^Deb", true},
        {R"("Debian")", "f=/bian$/", true},
        {R"("Debian")", "f=/^deb/", false},
        {R"("Debian")", "f=/(?i)^deb/", true},
        {"12", "f=/^1/", true},
        {"12.5", "f=/[.]5$/", true},
        {"-3", "f=/^-/", true},
        {"18446744073709551615", "f=/^1/", true},
        {R"("/usr/lib")", "f=//usr/lib/", true},
        {R"("/usr/lib")", "f=~/usr/lib", true},
        {R"("usrlib")", "f=~/usr/lib", false},
        {R"("a\nb")", "f=/^b/", false},
    });
}

TEST(FactComparison, ArrayHoldsIfAnElementDoes) {
    expect_all({
        {R"(["a","b"])", "f=b", true},
        {R"(["a","b"])", "f=c", false},
        {R"(["a","b"])", "f=/^b/", true},
        {"[1,20]", "f>10", true},
        {"[1,2]", "f>10", false},
        {"[1,2]", "f=2.0", true},
        {"[]", "f=a", false},
        {"[null]", "f=a", false},
        {R"([["a"]])", "f=a", false},
        {R"([{"a":1}])", "f=a", false},
        {R"([{"a":1}])", "f=~a", false},
        {R"([null])", "f=~null", false},
    });
}

TEST(FactComparison, NotEqualOnAnArrayMeansNoElementIsEqual) {
    expect_all({
        {R"(["a","b"])", "f!=a", false},
        {R"(["a","b"])", "f!=c", true},
        {"[]", "f!=a", true},
        {"[1,2]", "f!=2.0", false},
        {"[null]", "f!=a", true},
        {R"([{"a":1}])", "f!=a", true},
    });
}

TEST(FactComparison, FollowsDottedPaths) {
    const char* facts = R"({"os":{"family":"Debian"},"disks":[{"name":"sda"}],"a.b":1})";
    EXPECT_TRUE(fact_holds(facts, "os.family=Debian"));
    EXPECT_TRUE(fact_holds(facts, "disks.0.name=sda"));
    EXPECT_TRUE(fact_holds(facts, "a.b=1"));
    EXPECT_FALSE(fact_holds(facts, "os.name!=x"));
    EXPECT_FALSE(fact_holds(facts, "OS.family=Debian"));
}

class Match : public testing::Test {
protected:
    bool matches_node(const FilterTexts& texts) const {
        return matches(parse_filter(texts).value(), {"web1.example", agents_, classes_, facts_});
    }
    bool matches_node(std::string_view wire) const {
        const Filter filter = from_json(parse_json_object(wire).value()).value();
        return matches(filter, {"web1.example", agents_, classes_, facts_});
    }

    std::vector<std::string> agents_ = {"disk", "service"};
    std::vector<std::string> classes_ = {"web", "app::front"};
    Json facts_ = parse_json_object(R"({"os":{"family":"Debian"},"cores":16})").value();
};

TEST_F(Match, EmptyFilterMeansEverybody) {
    EXPECT_TRUE(matches_node(FilterTexts{}));
    EXPECT_TRUE(matches_node("{}"));
    EXPECT_TRUE(matches(Filter{}, {"x", {}, {}, Json::object()}));
}

TEST_F(Match, OneOfTheIdentitiesIsEnough) {
    EXPECT_TRUE(matches_node({.identities = {"web1.example", "db1.example"}}));
    EXPECT_TRUE(matches_node({.identities = {"db1.example", "/^web/"}}));
    EXPECT_FALSE(matches_node({.identities = {"db1.example", "/^db/"}}));
    EXPECT_FALSE(matches_node({.identities = {"web1"}}));
}

TEST_F(Match, TwoIdentitiesThatBothMatchMatch) {
    EXPECT_TRUE(matches_node({.identities = {"web1.example", "/^web/", "/example$/"}}));
}

TEST_F(Match, EveryClassIsNeeded) {
    EXPECT_TRUE(matches_node({.classes = {"web", "/^app::/"}}));
    EXPECT_FALSE(matches_node({.classes = {"web", "db"}}));
    EXPECT_FALSE(matches_node({.classes = {"WEB"}}));
}

TEST_F(Match, EveryAgentIsNeeded) {
    EXPECT_TRUE(matches_node({.agents = {"disk", "/^serv/"}}));
    EXPECT_FALSE(matches_node({.agents = {"disk", "puppet"}}));
    EXPECT_FALSE(matches_node({.agents = {"mcollective"}}));
}

TEST_F(Match, EveryFactIsNeeded) {
    EXPECT_TRUE(matches_node({.facts = {"os.family=Debian", "cores>8"}}));
    EXPECT_FALSE(matches_node({.facts = {"os.family=Debian", "cores>16"}}));
}

TEST_F(Match, EveryKindIsNeeded) {
    FilterTexts texts{
        .facts = {"cores=16"}, .classes = {"web"}, .agents = {"disk"}, .identities = {"/^web/"}};
    EXPECT_TRUE(matches_node(texts));
    texts.identities = {"db1"};
    EXPECT_FALSE(matches_node(texts));
}

TEST_F(Match, UnknownKindNeverMatches) {
    EXPECT_FALSE(matches_node(R"({"compound":[]})"));
    EXPECT_FALSE(matches_node(R"({"compound":"x","identities":["web1.example"]})"));
}

TEST_F(Match, NothingMatchesAnAgentOrClassOfABareNode) {
    EXPECT_FALSE(matches(parse_filter({.classes = {"/./"}}).value(), {"x", {}, {}, Json::object()}));
    EXPECT_FALSE(matches(parse_filter({.agents = {"/./"}}).value(), {"x", {}, {}, Json::object()}));
}

}  // namespace
}  // namespace hocket::filter
