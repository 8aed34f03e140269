#include "core/ddl/aggregate_function.h"

#include <gtest/gtest.h>

namespace hocket::ddl {
namespace {

/// An aggregate with these arguments, in JSON.
Result<AggregateRule> compiled(const std::string& function, const std::string& args) {
    Aggregate aggregate;
    aggregate.function = function;
    aggregate.args = Json::parse(args);
    return compile_aggregate(aggregate);
}

std::string message(const std::string& function, const std::string& args) {
    const Result<AggregateRule> rule = compiled(function, args);
    return rule ? "compiles" : rule.error().message;
}

TEST(AggregateFunction, EachHasItsWord) {
    for (const std::string_view word : k_aggregate_function_words) {
        const std::optional<AggregateFunction> function = aggregate_function_named(word);
        ASSERT_TRUE(function) << word;
        EXPECT_EQ(to_string(*function), word);
        EXPECT_TRUE(compiled(std::string(word), R"(["used"])")) << word;
    }
    EXPECT_FALSE(aggregate_function_named("process_summary"));
    EXPECT_FALSE(aggregate_function_named(""));
}

TEST(AggregateRule, WithoutOptionsHasDefaults) {
    const AggregateRule rule = compiled("percentiles", R"(["used"])").value();
    EXPECT_EQ(rule.output, "used");
    EXPECT_EQ(rule.percentiles, (std::vector<double>{50, 90, 95, 99}));
    EXPECT_EQ(rule.buckets, 16U);
    EXPECT_FALSE(rule.format);
    EXPECT_EQ(compiled("percentiles", R"(["used", null])").value(), rule);
    EXPECT_EQ(compiled("percentiles", R"(["used", {"format": null}])").value(), rule);
}

TEST(AggregateRule, HasItsOptions) {
    EXPECT_EQ(compiled("average", R"(["used", {"format": "%.1f%%"}])").value().format->text(), "%.1f%%");
    EXPECT_EQ(compiled("percentiles", R"(["used", {"percentiles": [99.9, 1]}])").value().percentiles,
              (std::vector<double>{99.9, 1}));
    EXPECT_EQ(compiled("chart", R"(["used", {"buckets": 8}])").value().buckets, 8U);
}

TEST(AggregateRule, CountedValuesHaveLabels) {
    const std::map<std::string, std::string> labels = {{"true", "On"}, {"false", "Off"}};
    EXPECT_EQ(compiled("summary", R"(["on", {"true": "On", "false": "Off"}])").value().labels, labels);
    const AggregateRule rule =
        compiled("boolean_summary", R"(["on", {"format": "%5s = %s", "true": "On", "false": "Off"}])")
            .value();
    EXPECT_EQ(rule.labels, labels);
    EXPECT_EQ(rule.format->text(), "%5s = %s");
    EXPECT_EQ(compiled("boolean_summary", R"(["on", {"unknown": "?"}])").value().labels.at("unknown"), "?");
}

TEST(AggregateRule, AFormatHasThePlacesOfItsFunction) {
    for (const char* const one : {"%d", "%s", "%i", "%x", "%g", "%.2f", "Used: %5.1f %%"}) {
        for (const char* const function : {"average", "sum", "min", "max", "percentiles", "chart", "summary"})
            EXPECT_EQ(message(function, Json{"used", {{"format", one}}}.dump()), "compiles") << one;
    }
    EXPECT_EQ(message("summary", R"(["used", {"format": "%20s = %s"}])"), "compiles");
    EXPECT_EQ(message("boolean_summary", R"(["used", {"format": "%5s: %d"}])"), "compiles");
}

struct WrongCase {
    const char* name;
    const char* function;
    const char* args;
    const char* message;
};

class WrongAggregate : public testing::TestWithParam<WrongCase> {};

TEST_P(WrongAggregate, IsRefusedWithWhatItMustBe) {
    EXPECT_EQ(message(GetParam().function, GetParam().args), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrongAggregate,
    testing::Values(
        WrongCase{
            "function", "process_summary", R"(["used"])",
            "the function \"process_summary\" is none of summary, boolean_summary, average, sum, min, max, "
            "percentiles, chart"},
        WrongCase{"args_no_array", "sum", R"({"a": 1})", "'args' must begin with the name of an output"},
        WrongCase{"args_empty", "sum", "[]", "'args' must begin with the name of an output"},
        WrongCase{"args_number", "sum", "[7]", "'args' must begin with the name of an output"},
        WrongCase{"args_many", "sum", R"(["used", {}, 1])",
                  "'args' must be the name of an output and an object of options, not 3 values"},
        WrongCase{"options_text", "sum", R"(["used", "%d"])",
                  "the options behind the output must be an object such as {format: \"%s\"}, not \"%d\""},
        WrongCase{"format_number", "sum", R"(["used", {"format": 7}])", "'format' must be a text, not 7"},
        WrongCase{"format_none", "sum", R"(["used", {"format": "sum"}])",
                  "'format' must have exactly one place such as %d, %s or %.1f, not none"},
        WrongCase{"format_two", "average", R"(["used", {"format": "%s = %s"}])",
                  "'format' must have exactly one place such as %d, %s or %.1f, not 2"},
        WrongCase{"format_three", "summary", R"(["used", {"format": "%s %s %s"}])",
                  "'format' must have two places, for the value and its count, such as %s = %s, or that of "
                  "the value "
                  "alone, not 3"},
        WrongCase{
            "format_unsafe", "max", R"(["used", {"format": "%n"}])",
            "'format' has the place '%n', but only %d, %i, %x, %f, %g and %s are known, and %% for a percent "
            "sign"},
        WrongCase{"unknown_options", "sum", R"(["used", {"fromat": "%d", "buckets": 3}])",
                  "sum has no option 'buckets', 'fromat'; it takes format"},
        WrongCase{"unknown_of_summary", "summary", R"(["used", {"up": "Up"}])",
                  "summary has no option 'up'; it takes format, true, false"},
        WrongCase{"label", "boolean_summary", R"(["used", {"true": 1}])",
                  "the label of 'true' must be a text, not 1"},
        WrongCase{"percentiles_number", "percentiles", R"(["used", {"percentiles": 50}])",
                  "'percentiles' must be a list of 1 to 20 numbers above 0 and up to 100, not 50"},
        WrongCase{"percentiles_empty", "percentiles", R"(["used", {"percentiles": []}])",
                  "'percentiles' must be a list of 1 to 20 numbers above 0 and up to 100, not the array []"},
        WrongCase{
            "percentiles_range", "percentiles", R"(["used", {"percentiles": [0, 101]}])",
            "'percentiles' must be a list of 1 to 20 numbers above 0 and up to 100, not the array [0,101]"},
        WrongCase{
            "percentiles_text", "percentiles", R"(["used", {"percentiles": ["50"]}])",
            "'percentiles' must be a list of 1 to 20 numbers above 0 and up to 100, not the array [\"50\"]"},
        WrongCase{"buckets", "chart", R"(["used", {"buckets": 65}])",
                  "'buckets' must be an integer from 2 to 64, not 65"},
        WrongCase{"buckets_fraction", "chart", R"(["used", {"buckets": 2.5}])",
                  "'buckets' must be an integer from 2 to 64, not 2.5"}),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace hocket::ddl
