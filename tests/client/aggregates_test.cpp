#include "client/lib/aggregates.h"

#include <gtest/gtest.h>
#include <limits>

namespace hocket::client {
namespace {

constexpr std::int64_t k_max = std::numeric_limits<std::int64_t>::max();

/// The output `used` of nodes a, b, c … in this order; null is an output that is null.
std::vector<NodeReply> replies_with(const std::vector<Json>& values) {
    std::vector<NodeReply> replies;
    for (const Json& value : values) {
        NodeReply node;
        node.reply.identity = std::string(1, static_cast<char>('a' + replies.size()));
        node.reply.data = {{"used", value}};
        replies.push_back(std::move(node));
    }
    return replies;
}

void set_outcome(NodeReply& node, Outcome outcome) {
    node.reply.outcome = outcome;
}

ddl::Action action_with(const std::vector<ddl::Aggregate>& aggregates) {
    ddl::Output secret;
    secret.name = "secret";
    secret.display_as = "Secret";
    secret.sensitive = true;
    ddl::Output used;
    used.name = "used";
    ddl::Action action;
    action.outputs = {secret, used};
    action.aggregates = aggregates;
    return action;
}

ddl::Aggregate aggregate(const char* function, Json options = nullptr, const char* output = "used") {
    ddl::Aggregate made;
    made.function = function;
    made.args = Json::array({output});
    if (!options.is_null()) made.args.push_back(std::move(options));
    return made;
}

Summary summary(const ddl::Aggregate& declared, const std::vector<NodeReply>& replies) {
    return summarize(action_with({declared}), replies).at(0);
}

/// "up=2 down=1"
std::string counts(const Summary& made) {
    std::string text;
    for (const LabelCount& each : made.counts)
        text += (text.empty() ? "" : " ") + each.label + '=' + std::to_string(each.count);
    return text;
}

/// "min=3@a,b": exact, unlike what people see.
std::string figures(const Summary& made) {
    std::string text;
    for (const Figure& each : made.figures) {
        const Json value = std::visit([](auto number) { return Json(number); }, each.value);
        text += (text.empty() ? "" : " ") + each.name + '=' + value.dump();
        for (const std::string& node : each.nodes)
            text += (&node == &each.nodes.front() ? '@' : ',') + node;
    }
    return text;
}

struct SummaryCase {
    const char* name;
    const char* function;
    std::vector<Json> values;
    const char* result;
    Json options = nullptr;
};

class Summarize : public testing::TestWithParam<SummaryCase> {};

TEST_P(Summarize, HasThisResult) {
    const SummaryCase& given = GetParam();
    const Summary made = summary(aggregate(given.function, given.options), replies_with(given.values));
    EXPECT_EQ(made.problem, "");
    EXPECT_EQ(counts(made) + figures(made), given.result);
}

INSTANTIATE_TEST_SUITE_P(
    Counts, Summarize,
    testing::Values(
        SummaryCase{"most_frequent_first", "summary", {"up", "down", "down"}, "down=2 up=1"},
        SummaryCase{
            "ties_by_label", "summary", {"up", "down", "off", "off", "up", "down"}, "down=2 off=2 up=2"},
        SummaryCase{"elements_of_arrays", "summary", {{"x", "y"}, {"y"}, Json::array()}, "y=2 x=1"},
        SummaryCase{"null_elements_are_skipped", "summary", {{"x", nullptr}}, "x=1"},
        SummaryCase{
            "objects_as_json", "summary", {{{"b", 1}, {"a", 2}}, {{"a", 2}, {"b", 1}}}, R"({"a":2,"b":1}=2)"},
        SummaryCase{"arrays_in_arrays_as_json", "summary", {Json{Json{1, 2}, 3}}, "3=1 [1,2]=1"},
        SummaryCase{"numbers_and_booleans", "summary", {1, 1.5, true, "1"}, "1=2 1.5=1 true=1"},
        SummaryCase{"empty_text", "summary", {"", "x", ""}, "=2 x=1"},
        SummaryCase{"null_is_no_value", "summary", {nullptr, "x"}, "x=1"},
        SummaryCase{"labels_of_booleans",
                    "summary",
                    {true, false, true},
                    "On=2 Off=1",
                    {{"true", "On"}, {"false", "Off"}}},
        SummaryCase{"without_labels", "boolean_summary", {true, false, true}, "true=2 false=1"},
        SummaryCase{"with_labels",
                    "boolean_summary",
                    {true, false, true},
                    "On=2 Off=1",
                    {{"true", "On"}, {"false", "Off"}}},
        SummaryCase{"texts_like_booleans", "boolean_summary", {"true", true}, "On=2", {{"true", "On"}}},
        SummaryCase{"labels_of_values",
                    "boolean_summary",
                    {3, "x", "y"},
                    "x and y=2 three=1",
                    {{"3", "three"}, {"x", "x and y"}, {"y", "x and y"}}}),
    [](const auto& param) { return std::string(param.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Numbers, Summarize,
    testing::Values(
        SummaryCase{"average_of_integers_is_none", "average", {5, 6}, "average=5.5"},
        SummaryCase{"average_beyond_int64", "average", {k_max, k_max}, "average=9.223372036854776e+18"},
        SummaryCase{
            "one_bad_value_disables_nothing", "average", {5, nullptr, "many", true, {1}, 6}, "average=5.5"},
        SummaryCase{"numbers_as_text", "average", {"5", "6.0", "1e1"}, "average=7.0"},
        SummaryCase{"no_texts_like_numbers", "sum", {"5 ", "0x10", "nan", "inf", ""}, ""},
        SummaryCase{"sum_is_exact", "sum", {k_max - 1, 1}, "sum=9223372036854775807"},
        SummaryCase{"sum_passes_the_limit_and_returns", "sum", {k_max, k_max, -k_max, -k_max, 7}, "sum=7"},
        SummaryCase{"sum_of_negatives", "sum", {-5, -6, 4}, "sum=-7"},
        SummaryCase{"sum_to_the_lowest", "sum", {-k_max, -1}, "sum=-9223372036854775808"},
        SummaryCase{"sum_beyond_int64", "sum", {k_max, 1}, "sum=9.223372036854776e+18"},
        SummaryCase{"sum_below_int64", "sum", {-k_max, -2}, "sum=-9.223372036854776e+18"},
        SummaryCase{"sum_of_both", "sum", {1, 0.5}, "sum=1.5"},
        SummaryCase{"min_names_its_node", "min", {7, 3, 5}, "min=3@b"},
        SummaryCase{"max_names_all_its_nodes", "max", {7, 3, 7.0}, "max=7.0@a,c"},
        SummaryCase{"max_tells_large_integers_apart", "max", {k_max, k_max - 1}, "max=9223372036854775807@a"},
        SummaryCase{"min_of_both_kinds", "min", {-0.5, -1, "-1"}, "min=-1@b,c"},
        SummaryCase{"beyond_int64",
                    "max",
                    {std::numeric_limits<std::uint64_t>::max(), 1},
                    "max=1.8446744073709552e+19@a"},
        SummaryCase{"percentiles_are_values", "percentiles", {4, 1, 3, 2}, "p50=2 p90=4 p95=4 p99=4"},
        SummaryCase{"percentiles_as_asked",
                    "percentiles",
                    {4, 1, 3, 2},
                    "p99.9=4 p25=1 p100=4 p1=1",
                    {{"percentiles", {99.9, 25, 100, 1}}}},
        SummaryCase{"chart_has_its_ends", "chart", {4, 1, 3, 2}, "min=1@b max=4@a"}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(Summary, OnlyRepliesThatAreOkAreValues) {
    std::vector<NodeReply> replies = replies_with({5, 6, 700, 800});
    set_outcome(replies[2], Outcome::failed);
    set_outcome(replies[3], Outcome::timeout);
    const Summary made = summary(aggregate("average"), replies);
    EXPECT_EQ(figures(made), "average=5.5");
    EXPECT_EQ(made.values, 2U);
    EXPECT_EQ(made.skipped.failed, (std::vector<std::string>{"c", "d"}));
    EXPECT_TRUE(made.skipped.absent.empty());
}

TEST(Summary, TellsWhatItSkips) {
    std::vector<NodeReply> replies = replies_with({"many", 6, nullptr, {1, 2}, 7});
    replies[4].reply.data.erase("used");
    const Summary made = summary(aggregate("sum"), replies);
    EXPECT_EQ(made.values, 1U);
    EXPECT_EQ(made.skipped.not_numbers, (std::vector<std::string>{"a", "d"}));
    EXPECT_EQ(made.skipped.absent, (std::vector<std::string>{"c", "e"}));
    EXPECT_EQ(summary(aggregate("summary"), replies_with({{nullptr, 1, nullptr}})).skipped.absent.size(), 2U);
}

TEST(Summary, OfNothingHasNoResultAndNoProblem) {
    for (const std::string_view function : ddl::k_aggregate_function_words) {
        const Summary made = summary(aggregate(std::string(function).c_str()), replies_with({nullptr}));
        EXPECT_EQ(made.problem, "") << function;
        EXPECT_EQ(made.values, 0U);
        EXPECT_TRUE(made.counts.empty() && made.figures.empty() && made.buckets.empty());
    }
    EXPECT_EQ(summary(aggregate("min"), {}).values, 0U);
}

TEST(Summary, OfASensitiveOutputShowsNothing) {
    std::vector<NodeReply> replies = replies_with({1, 2});
    replies[0].reply.data["secret"] = "hunter2";
    for (const char* const function : {"summary", "max"}) {
        const Summary made = summary(aggregate(function, nullptr, "secret"), replies);
        EXPECT_EQ(made.problem, "output 'secret' is sensitive");
        EXPECT_EQ(made.display_as, "Secret");
        EXPECT_EQ(counts(made) + figures(made), "");
    }
}

TEST(Summary, OfAnUndeclaredOutputSaysSo) {
    const Summary made = summary(aggregate("summary", nullptr, "usd"), replies_with({1}));
    EXPECT_EQ(made.problem, "output 'usd' is not declared");
    EXPECT_EQ(made.display_as, "usd");
}

TEST(Summary, LargerThanAnyNumberIsAProblem) {
    const double large = std::numeric_limits<double>::max();
    for (const char* const function : {"sum", "average"}) {
        const Summary made = summary(aggregate(function), replies_with({large, large}));
        EXPECT_EQ(made.problem, std::string("the ") + function + " is larger than any number");
        EXPECT_TRUE(made.figures.empty());
    }
}

TEST(Summary, OneThatFailsDisturbsNoOther) {
    const std::vector<Summary> made = summarize(
        action_with({aggregate("average"), aggregate("process_summary"), aggregate("max", {{"formt", "%d"}}),
                     aggregate("min", {{"format", "%d"}}), aggregate("average")}),
        replies_with({5, "bad", 6}));
    ASSERT_EQ(made.size(), 5U);
    EXPECT_EQ(figures(made[0]), "average=5.5");
    EXPECT_EQ(made[1].function, "process_summary");
    EXPECT_EQ(made[1].problem.substr(0, 43), "the function \"process_summary\" is none of s");
    EXPECT_EQ(made[2].problem, "max has no option 'formt'; it takes format");
    EXPECT_EQ(made[3].rule->format->text(), "%d");
    EXPECT_EQ(figures(made[3]) + ' ' + figures(made[4]), "min=5@a average=5.5");
}

TEST(Summary, IsTheSameAtASecondTime) {
    const ddl::Action action = action_with({aggregate("average", {{"format", "%.1f"}})});
    const std::vector<NodeReply> replies = replies_with({5, 6});
    EXPECT_EQ(summarize(action, replies).at(0).rule, summarize(action, replies).at(0).rule);
    EXPECT_TRUE(summarize(action, replies).at(0).rule->format);
}

TEST(Summary, DoesNotDependOnTheOrderOfReplies) {
    std::vector<NodeReply> replies = replies_with({0.1, 1e16, 0.2, -1e16, 3, 3});
    for (const char* const function : {"sum", "max", "percentiles"}) {
        const std::string before = figures(summary(aggregate(function), replies));
        std::reverse(replies.begin(), replies.end());
        EXPECT_EQ(figures(summary(aggregate(function), replies)), before);
    }
}

TEST(Summary, TakesAnyArguments) {
    ddl::Aggregate odd = aggregate("summary");
    for (const Json& args : {Json(), Json(7), Json::array(), Json{1}, Json{{"a", 1}}}) {
        odd.args = args;
        EXPECT_EQ(summary(odd, replies_with({1})).problem, "'args' must begin with the name of an output");
    }
}

TEST(Histogram, CountsTheValuesOfEachSpan) {
    EXPECT_EQ(histogram({0, 1, 2, 10}, 2), (std::vector<std::size_t>{3, 1}));
    EXPECT_EQ(histogram({10, 2, 1, 0}, 16), (std::vector<std::size_t>{3, 0, 0, 1}));
    EXPECT_EQ(histogram({5, 5, 5}, 16), (std::vector<std::size_t>{3}));
    EXPECT_EQ(histogram({5}, 16), (std::vector<std::size_t>{1}));
    EXPECT_TRUE(histogram({}, 16).empty());
    const double large = std::numeric_limits<double>::max();
    EXPECT_EQ(histogram({-large, large}, 2), (std::vector<std::size_t>{1, 1}));
}

}  // namespace
}  // namespace hocket::client
