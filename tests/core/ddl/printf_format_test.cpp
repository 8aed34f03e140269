#include "core/ddl/printf_format.h"

#include <gtest/gtest.h>
#include <limits>

namespace hocket::ddl {
namespace {

using Value = PrintfFormat::Value;

constexpr std::int64_t k_max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t k_min = std::numeric_limits<std::int64_t>::min();

struct FillCase {
    const char* format;
    std::vector<Value> values;
    const char* text;
};

std::ostream& operator<<(std::ostream& out, const FillCase& each) {
    return out << each.format << " -> " << each.text;
}

Value text(const char* value) {
    return std::string(value);
}

Value whole(std::int64_t value) {
    return value;
}

class PrintfFormatFill : public testing::TestWithParam<FillCase> {};

TEST_P(PrintfFormatFill, PutsTheValuesInTheirPlaces) {
    const Result<PrintfFormat> format = PrintfFormat::parse(GetParam().format);
    ASSERT_TRUE(format) << format.error().message;
    ASSERT_EQ(format->places(), GetParam().values.size());
    EXPECT_EQ(format->fill(GetParam().values), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    AsInC, PrintfFormatFill,
    testing::Values(FillCase{"%d", {whole(7)}, "7"}, FillCase{"%i", {whole(-7)}, "-7"},
                    FillCase{"[%5d]", {whole(7)}, "[    7]"}, FillCase{"[%-5d]", {whole(7)}, "[7    ]"},
                    FillCase{"[%05d]", {whole(-7)}, "[-0007]"}, FillCase{"[%-05d]", {whole(7)}, "[7    ]"},
                    FillCase{"[%+d]", {whole(7)}, "[+7]"}, FillCase{"[% d]", {whole(7)}, "[ 7]"},
                    FillCase{"[% +d]", {whole(7)}, "[+7]"}, FillCase{"[%6.3d]", {whole(7)}, "[   007]"},
                    FillCase{"%d", {whole(k_max)}, "9223372036854775807"},
                    FillCase{"%d", {whole(k_min)}, "-9223372036854775808"},
                    FillCase{"%x", {whole(255)}, "ff"}, FillCase{"%f", {5.5}, "5.500000"},
                    FillCase{"%.1f", {0.25}, "0.2"}, FillCase{"%08.2f", {-1.5}, "-0001.50"},
                    FillCase{"%.0f", {2.0}, "2"}, FillCase{"%f", {whole(3)}, "3.000000"},
                    FillCase{"%.0f", {whole(k_max)}, "9223372036854775807"}, FillCase{"%g", {0.5}, "0.5"},
                    FillCase{"%.3g", {12345.0}, "1.23e+04"},
                    FillCase{"%s = %s", {text("up"), whole(2)}, "up = 2"},
                    FillCase{"[%5s|%-5s]", {text("up"), text("up")}, "[   up|up   ]"},
                    FillCase{"%.2s", {text("running")}, "ru"}, FillCase{"%d%%", {whole(50)}, "50%"},
                    FillCase{"%%", {}, "%"}, FillCase{"", {}, ""}, FillCase{"none", {}, "none"}));

INSTANTIATE_TEST_SUITE_P(
    WhatWouldBeUndefinedInC, PrintfFormatFill,
    testing::Values(FillCase{"%d", {5.5}, "6"}, FillCase{"%d", {-5.5}, "-6"}, FillCase{"%x", {255.2}, "ff"},
                    FillCase{"%x", {whole(-255)}, "-ff"}, FillCase{"%d", {1e20}, "100000000000000000000"},
                    FillCase{"%d", {text("41")}, "41"}, FillCase{"%.1f", {text("1e1")}, "10.0"},
                    FillCase{"%5d|", {text("up")}, "   up|"}, FillCase{"%.1f", {text("running")}, "running"},
                    FillCase{"%s", {5.5}, "5.5"}, FillCase{"%s", {whole(5)}, "5"},
                    FillCase{"[%4s]", {text("grün")}, "[grün]"}, FillCase{"%.3s", {text("grün")}, "grü"},
                    FillCase{"%s", {text("%n%s")}, "%n%s"}));

struct WrongCase {
    const char* format;
    const char* message;
};

TEST(PrintfFormat, RefusesEverythingElse) {
    const std::string known = "', but only %d, %i, %x, %f, %g and %s are known, and %% for a percent sign";
    for (const WrongCase& each :
         {WrongCase{"%n", "%n"}, WrongCase{"%*d", "%*"}, WrongCase{"%1$s", "%1$"}, WrongCase{"%ld", "%l"},
          WrongCase{"50% used", "% u"}, WrongCase{"%<count>d", "%<"}, WrongCase{"%", "%"},
          WrongCase{"%-5.", "%-5."}, WrongCase{"%.-1f", "%.-"}, WrongCase{"%\x1b", "%\\x1b"}}) {
        const Result<PrintfFormat> format = PrintfFormat::parse(each.format);
        ASSERT_FALSE(format) << each.format;
        EXPECT_EQ(format.error().message, std::string("has the place '") + each.message + known);
    }
}

TEST(PrintfFormat, RefusesWidthsThatNoLineHas) {
    for (const char* const written : {"%201d", "%.201f", "%99999999999999999999d"}) {
        const Result<PrintfFormat> format = PrintfFormat::parse(written);
        ASSERT_FALSE(format);
        EXPECT_EQ(format.error().message,
                  std::string("has the place '") + written + "', which asks for more than 200 characters");
    }
    EXPECT_EQ(PrintfFormat::parse("%200.200f")->fill({std::numeric_limits<double>::max()}).size(), 510U);
}

TEST(NumberText, IsAsPeopleReadNumbers) {
    const std::vector<std::pair<Number, const char*>> cases = {{std::int64_t{-3}, "-3"},
                                                               {5.5, "5.5"},
                                                               {5.0, "5"},
                                                               {0.1 + 0.2, "0.3"},
                                                               {1.0 / 3, "0.333"},
                                                               {0.0, "0"},
                                                               {-0.5, "-0.5"},
                                                               {0.00025, "0.00025"},
                                                               {1e20, "1e+20"},
                                                               {1234567.25, "1234567.25"},
                                                               {k_max, "9223372036854775807"}};
    for (const auto& [number, expected] : cases)
        EXPECT_EQ(number_text(number), expected);
}

}  // namespace
}  // namespace hocket::ddl
