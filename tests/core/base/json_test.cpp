#include "core/base/json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hocket {
namespace {

std::string reason(std::string_view text) {
    const Result<Json> value = parse_json_object(text);
    return value ? "accepted" : value.error().message;
}

TEST(StrictJson, AcceptsAnObjectWithWhiteSpaceAround) {
    const Result<Json> value = parse_json_object(" {\"a\": [1, -2.5, \"x\", true, null, {}]}\n");
    ASSERT_TRUE(value);
    EXPECT_EQ(value->at("a").size(), 6U);
}

TEST(StrictJson, RefusesDuplicateKeysAfterUnescaping) {
    EXPECT_EQ(reason(R"({"a":1,"\u0061":2})"), "duplicate key 'a'");
    EXPECT_EQ(reason(R"({"o":{"k":1,"k":1}})"), "duplicate key 'k'");
    EXPECT_EQ(reason(R"({"a":{"k":1},"b":{"k":1}})"), "accepted");
}

TEST(StrictJson, RefusesWhatIsNotExactlyOneObject) {
    for (const char* text : {"", "[]", "1", "\"x\"", "{}{}", "{} x", "{\"a\":1,}", "{a:1}", "{'a':1}",
                             "// c\n{}", "{\"a\":NaN}", "{\"a\":01}", "\xEF\xBB\xBF{}", "{\"a\":\"\xff\"}",
                             "{\"a\":\"\xC0\xAF\"}", "{\"a\":\"\t\"}", "{", "{\"a\":"}) {
        EXPECT_NE(reason(text), "accepted") << text;
    }
}

TEST(StrictJson, SeesWhatStandsBehindANul) {
    EXPECT_EQ(reason(std::string_view("{}\0hidden", 9)), "a NUL byte at byte 3");
}

TEST(StrictJson, RefusesDepthBeyondTheLimit) {
    const auto nested = [](std::size_t depth) {
        return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
    };
    EXPECT_EQ(reason(nested(32)), "accepted");
    EXPECT_EQ(reason(nested(33)), "nested deeper than 32 levels");
    EXPECT_EQ(reason(nested(200'000)), "nested deeper than 32 levels");
}

TEST(StrictJson, RefusesMoreBytesThanTheLimit) {
    const Result<Json> value = parse_json_object("{\"a\":1}", {4, 32});
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().code, ErrorCode::oversized_message);
}

TEST(StrictJson, TurnsIntegersOutsideOfInt64IntoFloats) {
    const Json value = parse_json_object(R"({"max":9223372036854775807,"min":-9223372036854775808,
        "over":9223372036854775808,"far":1000000000000000000000})")
                           .value();
    EXPECT_TRUE(value.at("max").is_number_integer());
    EXPECT_TRUE(value.at("min").is_number_integer());
    EXPECT_TRUE(value.at("over").is_number_float());
    EXPECT_TRUE(value.at("far").is_number_float());
}

TEST(StrictJson, RefusesNumbersThatNoDoubleHolds) {
    EXPECT_NE(reason(R"({"a":1e400})"), "accepted");
}

TEST(StrictJson, KeepsNulInsideOfStrings) {
    EXPECT_EQ(parse_json_object(R"({"a":"x\u0000y"})").value().at("a").get<std::string>().size(), 3U);
}

TEST(DumpJson, NeverThrowsOnBytesThatAreNotUtf8) {
    EXPECT_EQ(dump_json("a\xff"), "\"a\xEF\xBF\xBD\"");
}

TEST(ProtocolInteger, EndsAt2To53) {
    EXPECT_TRUE(is_protocol_integer(9007199254740991));
    EXPECT_FALSE(is_protocol_integer(9007199254740992));
    EXPECT_FALSE(is_protocol_integer(1.0));
    EXPECT_FALSE(is_protocol_integer("1"));
}

}  // namespace
}  // namespace hocket
