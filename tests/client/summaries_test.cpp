#include "client/cli/summaries.h"

#include <gtest/gtest.h>

#include "client/cli/report_json.h"
#include "tests/client/sample_ddl.h"

namespace hocket::cli {
namespace {

/// Replies of nodes web1, web2, … to the action `usage` of the sample agent.
class SummariesTest : public testing::Test {
protected:
    SummariesTest() { report_.action = test::sample_action(); }

    void declare(const std::string& function, const Json& args) {
        ddl::Aggregate aggregate;
        aggregate.function = function;
        aggregate.args = args;
        report_.action->aggregates.push_back(std::move(aggregate));
    }

    void answer(const Json& data, Outcome outcome = Outcome::ok) {
        client::NodeReply node;
        node.reply.identity = "web" + std::to_string(report_.result.replies.size() + 1);
        node.reply.outcome = outcome;
        node.reply.data = data;
        report_.result.replies.push_back(std::move(node));
    }

    void answer_used(const std::vector<Json>& values) {
        for (const Json& value : values)
            answer({{"used", value}});
    }

    std::string text(Detail detail = {}, bool utf8 = true, Style style = Style(false)) {
        report_.summaries = client::summarize(*report_.action, report_.result.replies);
        return summaries_text(report_, detail, style, utf8);
    }

    Report report_;
};

TEST_F(SummariesTest, EachOutputHasItsBlock) {
    declare("summary", {"mount_point"});
    declare("average", {"used"});
    answer({{"mount_point", "/"}, {"used", 5}});
    answer({{"mount_point", "/"}, {"used", 6}});
    answer({{"mount_point", "/mnt/data"}, {"used", 6}});
    EXPECT_EQ(text(), R"(Summary of Mount point:
            / = 2
    /mnt/data = 1

Summary of Used:
    average = 5.667
)");
}

TEST_F(SummariesTest, FunctionsOfOneOutputStandTogether) {
    for (const char* const function : {"average", "sum", "min", "max", "percentiles", "chart"})
        declare(function, {"used"});
    declare("summary", {"mount_point"});
    answer_used({12, 15, 17, 12, 90});
    EXPECT_EQ(text(), R"(Summary of Used:
    average = 29.2
        sum = 146
        min = 12 on web1 and 1 more
        max = 90 on web5
        p50 = 15
        p90 = 90
        p95 = 90
        p99 = 90
     spread = 12 █▁▁▁▂ 90

Summary of Mount point:
    no summary: no values
    5 values skipped: absent
)");
}

TEST_F(SummariesTest, AFormatIsTheLine) {
    declare("summary", {"used", {{"format", "%6s percent on %d nodes"}}});
    declare("summary", {"used", {{"format", "<%s>"}}});
    declare("average", {"used", {{"format", "Average: %.1f%%"}}});
    declare("max", {"used", {{"format", "Most: %d%%"}}});
    declare("percentiles", {"used", {{"format", "%.1f %%"}, {"percentiles", {50}}}});
    declare("chart", {"used", {{"format", "%d%%"}}});
    answer_used({5, 6, 6});
    EXPECT_EQ(text(), R"(Summary of Used:
         6 percent on 2 nodes
         5 percent on 1 nodes
       <6> = 2
       <5> = 1
    Average: 5.7%
    Most: 6% on web2 and 1 more
       p50 = 6.0 %
    spread = 5% ▄▁█ 6%
)");
}

TEST_F(SummariesTest, TellsWhatItSkipped) {
    declare("average", {"used"});
    declare("min", {"used"});
    answer_used({5, "many", nullptr, 6, {1}});
    answer(Json::object(), Outcome::failed);
    const std::string numbers = "Summary of Used:\n    average = 5.5\n        min = 5 on web1\n";
    EXPECT_EQ(text(), numbers + "    1 value skipped: absent\n    2 values skipped: no number\n");
    EXPECT_EQ(text({.verbose = true}),
              numbers + "    1 value skipped: absent (web3)\n    2 values skipped: no number (web2, web5)\n");
}

TEST_F(SummariesTest, WhatCannotBeComputedSaysWhy) {
    declare("summary", {"token"});
    declare("process_summary", {"used"});
    declare("max", {"used", {{"format", "%n"}}});
    declare("sum", Json::array());
    declare("sum", {"used"});
    answer({{"used", 1}, {"token", "hunter2"}});
    answer({{"used", 2}, {"token", "hunter2"}});
    EXPECT_EQ(text({.show_sensitive = true}), R"(Summary of Token:
    no summary: output 'token' is sensitive

Summary of Used:
    no process_summary: the function "process_summary" is none of summary, boolean_summary, average, sum, min, max, percentiles, chart
    no max: 'format' has the place '%n', but only %d, %i, %x, %f, %g and %s are known, and %% for a percent sign
    sum = 3

Summary:
    no sum: 'args' must begin with the name of an output
)");
}

TEST_F(SummariesTest, OneReplyIsNoSummary) {
    declare("average", {"used"});
    EXPECT_EQ(text(), "");
    answer({{"used", 5}}, Outcome::failed);
    answer({{"used", 5}});
    EXPECT_EQ(text(), "");
    EXPECT_EQ(text({.verbose = true}), "");
    answer({{"used", 6}});
    EXPECT_EQ(text(), "Summary of Used:\n    average = 5.5\n");
}

TEST_F(SummariesTest, ManyLabelsAreCutShort) {
    declare("summary", {"used"});
    answer_used({"twice", "twice"});
    for (int i = 10; i < 50; ++i)
        answer_used({i});
    const std::string shown = text();
    EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 1 + 30 + 1);
    EXPECT_TRUE(shown.starts_with("Summary of Used:\n    twice = 2\n       10 = 1\n")) << shown;
    EXPECT_TRUE(shown.ends_with("       38 = 1\n    … and 11 more\n")) << shown;
    EXPECT_TRUE(text({}, false).ends_with("    ... and 11 more\n"));
}

TEST_F(SummariesTest, LongLabelsPushNobodyAway) {
    declare("summary", {"used"});
    answer_used({"x", "", std::string(41, 'y'), std::string(99, 'z') + "üü"});
    EXPECT_EQ(text(), "Summary of Used:\n    \"\" = 1\n     x = 1\n    " + std::string(41, 'y') +
                          " = 1\n    " + std::string(99, 'z') + "ü… = 1\n");
}

TEST_F(SummariesTest, NothingReachesTheTerminalUnescaped) {
    declare("summary", {"used"});
    declare("summary", {"used", {{"format", "\x1b[1m%s\r%s"}}});
    declare("odd\x1b[2J", {"used"});
    declare("max", {"none\x9b"});
    answer_used({"a\x1b]0;title\x07", "b\nSummary of Lies:\u202e", "\x9b"});
    const std::string all = text({.verbose = true});
    for (const char unsafe : {'\x1b', '\r', '\x07', '\x9b'})
        EXPECT_EQ(all.find(unsafe), std::string::npos) << all;
    EXPECT_EQ(all.find("\u202e"), std::string::npos);
    EXPECT_EQ(all.find("\nSummary of Lies"), std::string::npos);
}

TEST_F(SummariesTest, ColourIsNeverTheOnlySign) {
    declare("sum", {"used"});
    declare("summary", {"token"});
    answer_used({1, 2, nullptr});
    EXPECT_EQ(
        text({}, true, Style(true)),
        "\x1b[1mSummary of Used:\x1b[0m\n    sum = 3\n    \x1b[2m1 value skipped: absent\x1b[0m\n\n"
        "\x1b[1mSummary of Token:\x1b[0m\n    \x1b[33mno summary: output 'token' is sensitive\x1b[0m\n");
}

TEST_F(SummariesTest, AsciiTerminalsGetAsciiCharts) {
    declare("chart", {"used"});
    answer_used({1, 1, 1, 2});
    EXPECT_EQ(text({}, false), "Summary of Used:\n    spread = 1 #__: 2\n");
}

TEST_F(SummariesTest, TheDocumentHasAllOfThem) {
    declare("summary", {"mount_point"});
    declare("max", {"used"});
    declare("summary", {"token"});
    answer({{"mount_point", "/"}, {"used", 5}, {"token", "hunter2"}});
    answer({{"used", "x"}});
    answer({}, Outcome::failed);
    static_cast<void>(text());
    EXPECT_EQ(report_json(report_, {.show_sensitive = true})["summaries"], Json::parse(R"([
        {"function": "summary", "output": "mount_point", "display_as": "Mount point", "problem": null, "values": 1,
         "skipped": {"failed": ["web3"], "absent": ["web2"], "not_numbers": []},
         "counts": [{"label": "/", "count": 1}], "figures": [], "buckets": []},
        {"function": "max", "output": "used", "display_as": "Used", "problem": null, "values": 1,
         "skipped": {"failed": ["web3"], "absent": [], "not_numbers": ["web2"]},
         "counts": [], "figures": [{"name": "max", "value": 5, "nodes": ["web1"]}], "buckets": []},
        {"function": "summary", "output": "token", "display_as": "Token", "problem": "output 'token' is sensitive",
         "values": 0, "skipped": {"failed": [], "absent": [], "not_numbers": []},
         "counts": [], "figures": [], "buckets": []}])"));
}

}  // namespace
}  // namespace hocket::cli
