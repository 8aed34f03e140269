#include "core/ddl/puppet_type.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hocket::ddl {
namespace {

/// A type, and JSON arrays of values that are of it and that are not.
struct Row {
    const char* type;
    const char* accepted;
    const char* refused;
};

constexpr Row k_rows[] = {
    // ---- anything
    {"Any", R"([null, 1, "x", [], {}, true, 1.5])", "[]"},
    {"Data", R"([null, 1, "x", [null], {"a": [1]}, false])", "[]"},
    {"RichData", R"([null, "x"])", "[]"},
    {"Scalar", R"([1, 1.5, "x", "", true])", R"([null, [], {}, [1]])"},
    {"ScalarData", R"([1, 1.5, "x", false])", R"([null, [], {}])"},
    {"Undef", "[null]", R"([0, "", false, [], {}, "undef"])"},
    {"NotUndef", R"([0, "", false, []])", "[null]"},
    {"NotUndef[Optional[String]]", R"(["x", ""])", "[null, 1]"},
    // ---- strings
    {"String", R"(["", "x", "ä", "a\nb"])", R"([null, 1, true, ["x"], {}])"},
    {"String[1]", R"(["x", "ä", "  "])", R"(["", null, 1])"},
    {"String[1, 3]", R"(["a", "abc", "äöü"])", R"(["", "abcd", "äöüß", 12])"},
    {"String[default, 2]", R"(["", "ab"])", R"(["abc"])"},
    {"String[2, default]", R"(["ab", "abcdef"])", R"(["a"])"},
    {"String[0, 0]", R"([""])", R"(["a"])"},
    {"String['yes']", R"(["yes"])", R"(["no", "yes ", "Yes", ""])"},
    {R"(String["it's"])", R"(["it's"])", R"(["its"])"},
    {R"(String['it\'s'])", R"(["it's"])", R"(["it\\'s"])"},
    {R"(String['a\\b'])", R"(["a\\b"])", R"(["ab"])"},
    {R"(String['a\nb'])", R"(["a\\nb"])", R"(["a\nb"])"},
    // ---- patterns
    {"Pattern[/a/]", R"(["a", "bab"])", R"(["b", "", 1, null])"},
    {"Pattern[/^a$/]", R"(["a"])", R"(["ab", "a\n", "b\na", "a\nb"])"},
    {R"(Pattern[/\Aa\z/])", R"(["a"])", R"(["a\n", "aa"])"},
    {R"(Pattern[/\Aa\Z/])", R"(["a", "a\n"])", R"(["a\n\n", "ab"])"},
    {"Pattern[/^[a-z]+$/, /^[0-9]+$/]", R"(["abc", "123"])", R"(["a1", ""])"},
    {R"(Pattern[/^\/etc\/[^\/]+$/])", R"(["/etc/passwd"])", R"(["/etc/a/b", "etc/x"])"},
    {R"(Pattern[/\A\h{2}\z/])", R"(["0f", "AA"])", R"(["0g", "f"])"},
    {R"(Pattern[/^[\],]$/])", R"(["]", ","])", R"(["["])"},
    {"Pattern['^x']", R"(["xy"])", R"(["yx"])"},
    {"Pattern[/(?i:on|off)/]", R"(["ON", "Off"])", R"(["o"])"},
    // ---- enumerations
    {"Enum[start, stop]", R"(["start", "stop"])", R"(["Start", "", "starts", null, ["start"]])"},
    {"Enum['start', 'stop',]", R"(["start"])", R"(["restart"])"},
    {R"(Enum["a b", 'c,d'])", R"(["a b", "c,d"])", R"(["a", "c"])"},
    {"Enum['', x]", R"(["", "x"])", R"(["y"])"},
    {"Enum['on', 'off', true]", R"(["on", "ON", "Off"])", R"(["o"])"},
    {"Enum['on', false]", R"(["on"])", R"(["ON"])"},
    {"Enum['1', '2']", R"(["1"])", R"([1, "3"])"},
    {"Enum['true', 'false']", R"(["true"])", R"([true])"},
    // ---- numbers
    {"Integer", "[0, -5, 9223372036854775807, -9223372036854775808]",
     R"([1.0, 1.5, "1", null, true, 9223372036854775808])"},
    {"Integer[0]", "[0, 9]", "[-1]"},
    {"Integer[1, 10]", "[1, 10]", R"([0, 11, 5.0, "5"])"},
    {"Integer[default, 5]", "[-100, 5]", "[6]"},
    {"Integer[-5, -1]", "[-5, -1]", "[-6, 0]"},
    {"Integer[7, 7]", "[7]", "[6, 8]"},
    {"Integer[0,]", "[0]", "[-1]"},
    {"Float", "[1.5, -0.0, 2.0, 1e300]", R"([1, 0, "1.5", null])"},
    {"Float[0.5]", "[0.5, 7.5]", "[0.4, 1]"},
    {"Float[0, 1]", "[0.0, 0.5, 1.0]", "[1.1, -0.1, 1]"},
    {"Float[default, 1.5e2]", "[150.0, -7.5]", "[150.1]"},
    {"Numeric", "[1, 1.5, -3]", R"(["1", null, true])"},
    {"Boolean", "[true, false]", R"(["true", 1, 0, null])"},
    {"Boolean[true]", "[true]", "[false]"},
    {"Boolean[false]", "[false]", "[true]"},
    // ---- optional and choices
    {"Optional", R"([null, 1, "x"])", "[]"},
    {"Optional[String]", R"([null, "", "x"])", "[1, false]"},
    {"Optional[String[1]]", R"([null, "x"])", R"([""])"},
    {"Optional[Integer[0, 9]]", "[null, 0, 9]", "[10, \"1\"]"},
    {"Optional['x']", R"([null, "x"])", R"(["y"])"},
    {"Optional[Optional[Boolean]]", "[null, true]", "[0]"},
    {"Variant[String, Integer]", R"(["x", 5])", "[null, 1.5, true]"},
    {"Variant[Integer[0, 1], Integer[8, 9]]", "[0, 9]", "[2, 7]"},
    {"Variant[Undef, String[1]]", R"([null, "x"])", R"(["", 1])"},
    {"Variant[Enum[all], Array[String[1]]]", R"(["all", [], ["a"]])", R"(["none", [""], {}])"},
    {"Variant[Boolean, Enum['true', 'false']]", R"([true, "false"])", R"(["yes", 1])"},
    {"Sensitive", R"(["x", 1])", "[]"},
    {"Sensitive[String[8]]", R"(["password"])", R"(["short", 12345678])"},
    {"Optional[Sensitive[String]]", R"([null, "x"])", "[1]"},
    // ---- arrays
    {"Array", R"([[], [1, "x", null]])", R"([null, "x", {}, 1])"},
    {"Array[String]", R"([[], ["a", "b"]])", R"([["a", 1], [null], "a"])"},
    {"Array[Integer, 1]", "[[1], [1, 2]]", "[[], [1.5]]"},
    {"Array[Integer, 1, 2]", "[[1], [1, 2]]", "[[], [1, 2, 3]]"},
    {"Array[String, default, 1]", R"([[], ["a"]])", R"([["a", "b"]])"},
    {"Array[0, 2]", R"([[], [1, "x"]])", "[[1, 2, 3]]"},
    {"Array[Array[Integer]]", "[[], [[]], [[1], [2, 3]]]", "[[1], [[\"x\"]]]"},
    {"Array[Variant[String, Integer]]", R"([["a", 1]])", "[[true]]"},
    {"Array[Enum[a, b], 1]", R"([["a"], ["b", "a"]])", R"([[], ["c"]])"},
    {"Array[Optional[String]]", R"([[null, "a"]])", "[[1]]"},
    {"Tuple[String, Integer]", R"([["a", 1]])", R"([["a"], ["a", 1, 2], [1, "a"], []])"},
    {"Tuple[String, Integer, 1]", R"([["a"], ["a", 1], ["a", 1, 2]])", R"([[], [1], ["a", "b"]])"},
    {"Tuple[String, Integer, 1, 3]", R"([["a"], ["a", 1, 2]])", R"([["a", 1, 2, 3], []])"},
    {"Tuple[Integer]", "[[5]]", "[[], [5, 5]]"},
    // ---- hashes
    {"Hash", R"([{}, {"a": 1}])", R"([null, [], "x"])"},
    {"Hash[String, Integer]", R"([{}, {"a": 1, "b": 2}])", R"([{"a": "x"}, {"a": 1.5}])"},
    {"Hash[String[2], Data]", R"([{"ab": null}])", R"([{"a": 1}])"},
    {"Hash[String, Integer, 1]", R"([{"a": 1}])", "[{}]"},
    {"Hash[String, Integer, 0, 1]", R"([{}, {"a": 1}])", R"([{"a": 1, "b": 2}])"},
    {"Hash[Pattern[/^[a-z]+$/], String]", R"([{"a": "x"}])", R"([{"A": "x"}])"},
    {"Hash[Enum[a, b], Boolean]", R"([{"a": true}])", R"([{"c": true}])"},
    {"Hash[String, Array[Integer]]", R"([{"a": [1]}])", R"([{"a": 1}])"},
    {"Hash[Integer, String]", "[{}]", R"([{"1": "x"}])"},
    {"Struct[{name => String, size => Integer}]", R"([{"name": "a", "size": 1}])",
     R"([{"name": "a"}, {"name": "a", "size": "1"}, {"name": "a", "size": 1, "more": 1}, {}, []])"},
    {"Struct[{'name' => String, Optional['size'] => Integer}]",
     R"([{"name": "a"}, {"name": "a", "size": 1}])", R"([{"size": 1}, {"name": "a", "size": null}])"},
    {"Struct[{Optional[mode] => Enum[a, b]}]", R"([{}, {"mode": "a"}])", R"([{"mode": "c"}])"},
    {"Struct[{x => Optional[Integer]}]", R"([{}, {"x": null}, {"x": 1}])", R"([{"x": "1"}])"},
    {"Struct[{NotUndef[x] => Optional[Integer]}]", R"([{"x": 1}, {"x": null}])", "[{}]"},
    {"Struct[{a => Struct[{b => Boolean}],}]", R"([{"a": {"b": true}}])", R"([{"a": {}}, {"a": true}])"},
    {"Collection", R"([[], {}, [1]])", R"([null, "x", 1])"},
    {"Collection[1, 2]", R"([[1], {"a": 1}])", R"([[], {}, [1, 2, 3]])"},
    // ---- the standard library's
    {"Stdlib::Unixpath", R"(["/", "/etc/passwd", "/a//b"])", R"(["etc", "", "/a\nb", null])"},
    {"Stdlib::Absolutepath", R"(["/var/log", "C:\\temp", "c:/temp"])", R"(["var/log", "./x"])"},
    {"Optional[Stdlib::Port]", "[null, 0, 65535]", R"([65536, -1, "80"])"},
    {"Stdlib::HTTPUrl", R"(["http://x", "HTTPS://y/z"])", R"(["ftp://x", "xhttp://y"])"},
    {"Stdlib::HTTPSUrl", R"(["https://y"])", R"(["http://y"])"},
    {"Stdlib::Filemode", R"(["0644", "755", "u=rwX,go-w"])", R"(["99", "rwx"])"},
    {"Stdlib::Fqdn", R"(["web1.example.com", "localhost"])", R"(["-x", "a b", ""])"},
    {"Stdlib::Ensure::Service", R"(["running", "stopped"])", R"(["started"])"},
    {"TargetSpec", R"(["all", ["a", "b"]])", R"(["", [""], {}, null])"},
    // ---- blanks, deep types
    {" Optional [ Array [ Enum [ a , b ] , 1 , 2 ] ] ", R"([null, ["a"], ["a", "b"]])", R"([[], ["c"]])"},
    {"Variant[Array[Hash[String, Struct[{a => Tuple[Integer, Optional[Boolean]]}]]], Undef]",
     R"([null, [{"x": {"a": [1, null]}}]])", R"([[{"x": {"a": [1]}}], [{"x": {}}]])"},
};

class PuppetTypeTable : public testing::TestWithParam<Row> {};

TEST_P(PuppetTypeTable, SaysWhatIsOfTheType) {
    const Result<PuppetType> type = PuppetType::parse(GetParam().type);
    ASSERT_TRUE(type) << type.error().message;
    for (const Json& value : Json::parse(GetParam().accepted))
        EXPECT_TRUE(type->accepts(value)) << GetParam().type << " has " << value;
    for (const Json& value : Json::parse(GetParam().refused))
        EXPECT_FALSE(type->accepts(value)) << GetParam().type << " has not " << value;
}

INSTANTIATE_TEST_SUITE_P(All, PuppetTypeTable, testing::ValuesIn(k_rows));

TEST(PuppetType, WhatCannotBeCheckedIsRefusedWithItsPlace) {
    const auto problem = [](std::string_view text) {
        const Result<PuppetType> type = PuppetType::parse(text);
        return type ? "" : type.error().message;
    };
    const std::pair<const char*, const char*> rows[] = {
        {"", "expected a type"},
        {"string", "expected a type"},
        {"Strng", "the type Strng is not known here; did you mean 'String'?"},
        {"Mymodule::Mode", "the type Mymodule::Mode is not known here"},
        {"Callable", "is not known here"},
        {"Regexp[/a/]", "is not known here"},
        {"String[", "the type ends too early (at 8)"},
        {"String]", "there is more behind the type (at 7)"},
        {"String[1", "expected ','"},
        {"String[1 2]", "expected ','"},
        {"String[1, 2, 3]", "no more here (at 14)"},
        {"String[-1]", "a size of 0 or more"},
        {"String[5, 1]", "the minimum of String is over its maximum"},
        {"String[x]", "an integer or `default`"},
        {"String[]", "nothing between its brackets"},
        {"Integer[1.5]", "an integer or `default`"},
        {"Integer[9223372036854775808]", "an integer or `default`"},
        {"Integer[a]", "an integer or `default`"},
        {"Integer[10, 1]", "over its maximum"},
        {"Float['x']", "a number or `default`"},
        {"Float[2, 1]", "over its maximum"},
        {"Boolean[1]", "true or false"},
        {"Enum", "Enum needs at least one text"},
        {"Enum[]", "nothing between its brackets"},
        {"Enum[1]", "Enum takes a text here"},
        {"Pattern", "Pattern needs at least one pattern"},
        {"Pattern[/(/]", "missing )"},
        {"Pattern[/(?<=a)b/]", "invalid perl operator"},
        {"Pattern[/a]", "a pattern has no end"},
        {"Pattern[5]", "a pattern here"},
        {"Optional[String, Integer]", "no more than 1 type"},
        {"Optional[5]", "a type here"},
        {"Variant", "Variant needs a type"},
        {"Variant['x']", "a type here"},
        {"Any[1]", "nothing here"},
        {"Undef[String]", "nothing here"},
        {"Numeric[1, 2]", "nothing here"},
        {"Array[1, 2, 3]", "no more here"},
        {"Array['x']", "an integer or `default`"},
        {"Hash[String]", "the type of a key and of a value"},
        {"Hash[String, Integer, x]", "an integer or `default`"},
        {"Tuple", "at least one type"},
        {"Struct", "needs its members"},
        {"Struct[String]", "needs its members"},
        {"Struct[{x}]", "expected '=>'"},
        {"Struct[{x => }]", "expected a type"},
        {"Struct[{=> String}]", "the name of a member"},
        {"String['x]", "a text has no end"},
        {"Stdlib::Port[1]", "is not known here"},
        {"String\n;", "there is more behind the type"},
    };
    for (const auto& [text, expected] : rows)
        EXPECT_NE(problem(text).find(expected), std::string::npos) << text << ": " << problem(text);
}

TEST(PuppetType, HasBounds) {
    std::string deep = "String";
    for (int level = 0; level < 40; ++level)
        deep = "Optional[" + deep + "]";
    EXPECT_FALSE(PuppetType::parse(deep));
    EXPECT_FALSE(PuppetType::parse("Enum[" + std::string(9000, 'a') + "]"));
    EXPECT_FALSE(PuppetType::parse(std::string(100, '[')));
}

TEST(PuppetType, HasANearestTypeOfOurs) {
    const std::pair<const char*, Type> rows[] = {
        {"String[1]", Type::string},
        {"Pattern[/a/]", Type::string},
        {"Enum[a, b]", Type::list},
        {"Enum[a, true]", Type::string},
        {"Optional[Enum[a]]", Type::list},
        {"Integer[0]", Type::integer},
        {"Float", Type::floating},
        {"Numeric", Type::number},
        {"Boolean", Type::boolean},
        {"Array[String]", Type::array},
        {"Tuple[Integer]", Type::array},
        {"Hash", Type::hash},
        {"Struct[{a => String}]", Type::hash},
        {"Sensitive[String]", Type::string},
        {"Variant[Integer, Float]", Type::number},
        {"Variant[Enum[a], String]", Type::string},
        {"Variant[Enum[a], Enum[b]]", Type::string},
        {"Variant[Undef, Integer]", Type::integer},
        {"Variant[Undef, Enum[a]]", Type::list},
        {"Variant[String, Integer]", Type::any},
        {"Variant[Undef]", Type::any},
        {"Collection", Type::any},
        {"Scalar", Type::any},
        {"Any", Type::any},
        {"Optional", Type::any},
    };
    for (const auto& [text, type] : rows)
        EXPECT_EQ(PuppetType::parse(text).value().nearest(), type) << text;
    EXPECT_EQ(PuppetType::parse("Variant[Undef, Enum[a, b]]").value().values(),
              (std::vector<Json>{"a", "b"}));
    EXPECT_EQ(PuppetType().nearest(), Type::any);
    EXPECT_TRUE(PuppetType().accepts_undef());
}

}  // namespace
}  // namespace hocket::ddl
