#include "core/ddl/number_text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hocket::ddl {
namespace {

using Kind = NumberText::Kind;

struct Case {
    const char* text;
    Kind kind;
};

class ReadNumber : public testing::TestWithParam<Case> {};

TEST_P(ReadNumber, KnowsTheKind) {
    EXPECT_EQ(read_number(GetParam().text).kind, GetParam().kind) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    All, ReadNumber,
    testing::Values(
        Case{"0", Kind::integer}, Case{"-7", Kind::integer}, Case{"+7", Kind::integer},
        Case{"007", Kind::integer}, Case{"9223372036854775807", Kind::integer},
        Case{"-9223372036854775808", Kind::integer}, Case{"9223372036854775808", Kind::beyond_int64},
        Case{"-9223372036854775809", Kind::beyond_int64}, Case{"1.5", Kind::floating},
        Case{"1.", Kind::floating}, Case{".5", Kind::floating}, Case{"-1e3", Kind::floating},
        Case{"1E+3", Kind::floating}, Case{"1e400", Kind::out_of_range}, Case{"-1e400", Kind::out_of_range},
        Case{"1e-400", Kind::out_of_range}, Case{"", Kind::not_a_number}, Case{"-", Kind::not_a_number},
        Case{".", Kind::not_a_number}, Case{"+-7", Kind::not_a_number}, Case{" 7", Kind::not_a_number},
        Case{"7\n", Kind::not_a_number}, Case{"1_000", Kind::not_a_number}, Case{"0x10", Kind::not_a_number},
        Case{"inf", Kind::not_a_number}, Case{"nan", Kind::not_a_number}, Case{"1e", Kind::not_a_number},
        Case{"e5", Kind::not_a_number}));

TEST(NumberFromText, KeepsIntegersApartFromFloats) {
    EXPECT_TRUE(number_from_text("3")->is_number_integer());
    EXPECT_TRUE(number_from_text("3.0")->is_number_float());
    EXPECT_TRUE(number_from_text("9223372036854775808")->is_number_float());
    EXPECT_FALSE(number_from_text("1e400"));
}

}  // namespace
}  // namespace hocket::ddl
