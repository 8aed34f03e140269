#include "core/filter/value_order.h"

#include <gtest/gtest.h>
#include <limits>

#include <nlohmann/json.hpp>

namespace hocket::filter {
namespace {

Decimal decimal(std::string_view text) {
    return Decimal::from_text(text).value();
}

TEST(Decimal, AcceptsWhatJsonCallsANumberWithoutExponent) {
    for (const char* text :
         {"0", "-0", "16", "16.0", "0.5", "-5", "-0.25", "10.10", "99999999999999999999"}) {
        EXPECT_TRUE(Decimal::from_text(text).has_value()) << text;
    }
}

TEST(Decimal, RefusesEverythingElse) {
    for (const char* text : {"", "-", ".", ".5", "5.", "007", "-01", "+5", "1e5", "0x10", "1_000", "1,5",
                             "1.2.3", "5 ", " 5", "1a5", "nan", "inf", "١"}) {
        EXPECT_FALSE(Decimal::from_text(text).has_value()) << text;
    }
}

TEST(Decimal, ComparesByValue) {
    EXPECT_TRUE(std::is_eq(decimal("16") <=> decimal("16.0")));
    EXPECT_TRUE(std::is_gt(decimal("1.2") <=> decimal("1")));
    EXPECT_TRUE(std::is_gt(decimal("10.5") <=> decimal("9")));
    EXPECT_TRUE(std::is_lt(decimal("-5") <=> decimal("0")));
    EXPECT_TRUE(std::is_lt(decimal("-5") <=> decimal("-4.5")));
    EXPECT_TRUE(std::is_eq(decimal("-0") <=> decimal("0.0")));
}

TEST(Decimal, WholeNumbersAreExactBeyondTheDoubles) {
    EXPECT_TRUE(std::is_lt(decimal("9007199254740992") <=> decimal("9007199254740993")));
    EXPECT_TRUE(std::is_gt(decimal("9223372036854775807") <=> decimal("9223372036854775806")));
    EXPECT_TRUE(std::is_gt(decimal("9223372036854775808") <=> decimal("5")));
}

TEST(Decimal, ReadsJsonNumbersAndStrings) {
    EXPECT_TRUE(std::is_eq(*Decimal::from_json(Json(16)) <=> decimal("16")));
    EXPECT_TRUE(std::is_eq(*Decimal::from_json(Json(16U)) <=> decimal("16")));
    EXPECT_TRUE(std::is_eq(*Decimal::from_json(Json(1.5)) <=> decimal("1.5")));
    EXPECT_TRUE(std::is_eq(*Decimal::from_json(Json("1.5")) <=> decimal("1.50")));
    EXPECT_TRUE(
        std::is_gt(*Decimal::from_json(Json(std::numeric_limits<std::uint64_t>::max())) <=> decimal("0")));
}

TEST(Decimal, OtherJsonIsNotANumber) {
    EXPECT_FALSE(Decimal::from_json(Json("abc")).has_value());
    EXPECT_FALSE(Decimal::from_json(Json(true)).has_value());
    EXPECT_FALSE(Decimal::from_json(Json(nullptr)).has_value());
    EXPECT_FALSE(Decimal::from_json(Json::array({1})).has_value());
}

TEST(OrderOfTexts, RunsOfDigitsAreNumbers) {
    EXPECT_TRUE(std::is_lt(order_of_texts("5.9.1", "5.10.0")));
    EXPECT_TRUE(std::is_gt(order_of_texts("5.10.0-8-amd64", "5.10.0")));
    EXPECT_TRUE(std::is_lt(order_of_texts("web2", "web10")));
    EXPECT_TRUE(std::is_eq(order_of_texts("1.02.3", "1.2.3")));
    EXPECT_TRUE(std::is_gt(order_of_texts("1.0.0", "0.999.9")));
    EXPECT_TRUE(std::is_lt(order_of_texts("v99999999999999999999", "v100000000000000000000")));
}

TEST(OrderOfTexts, OtherBytesCompareBytewise) {
    EXPECT_TRUE(std::is_lt(order_of_texts("Zebra", "ant")));
    EXPECT_TRUE(std::is_lt(order_of_texts("abc", "abcd")));
    EXPECT_TRUE(std::is_eq(order_of_texts("abc", "abc")));
    EXPECT_TRUE(std::is_lt(order_of_texts("z", "\xC3\xA9")));
    EXPECT_TRUE(std::is_lt(order_of_texts("", "a")));
}

TEST(OrderOfTexts, NumberAndWordHaveNone) {
    EXPECT_EQ(order_of_texts("n/a", "8"), std::partial_ordering::unordered);
    EXPECT_EQ(order_of_texts("5.10.0", "abc"), std::partial_ordering::unordered);
    EXPECT_EQ(order_of_texts("n/a", "-5"), std::partial_ordering::unordered);
    EXPECT_EQ(order_of_texts("", "5"), std::partial_ordering::unordered);
}

}  // namespace
}  // namespace hocket::filter
