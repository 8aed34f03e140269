#include "runner/execution/nagios_reply.h"

#include <gtest/gtest.h>

#include "core/ddl/reader.h"

namespace hocket::execution {
namespace {

// ---- performance data ------------------------------------------------------------------------------------------------

std::string text_of(const std::optional<double>& number) {
    if (!number) return "U";
    char text[32];
    std::snprintf(text, sizeof text, "%g", *number);
    return text;
}

/// Each measurement as LABEL=VALUE[UNIT];WARNING;CRITICAL;MIN;MAX, with / between them.
std::string read(std::string_view output) {
    std::string text;
    for (const Measurement& each : read_plugin_output(output).measurements) {
        if (!text.empty()) text += " / ";
        text += each.label + '=' + text_of(each.value) + each.unit + ';' + each.warning + ';' +
                each.critical + ';' + (each.minimum ? text_of(each.minimum) : "") + ';' +
                (each.maximum ? text_of(each.maximum) : "");
    }
    return text;
}

TEST(PerformanceData, IsWhatStandsBehindTheBar) {
    EXPECT_EQ(read("PING OK - fine|rta=0.034000ms;3000.000000;5000.000000;0.000000 pl=0%;80;100;0\n"),
              "rta=0.034ms;3000.000000;5000.000000;0; / pl=0%;80;100;0;");
    EXPECT_EQ(read("OK | a=1"), "a=1;;;;");
    EXPECT_EQ(read("OK"), "");
    EXPECT_EQ(read(""), "");
    EXPECT_EQ(read("OK|"), "");
}

TEST(PerformanceData, LabelsInQuotesMayHoldAnything) {
    EXPECT_EQ(read("x|'/var lib'=5MiB;;;0;9 'it''s'=1 'a=b'=2"),
              "/var lib=5MiB;;;0;9 / it's=1;;;; / a=b=2;;;;");
    EXPECT_EQ(read("x|'C:\\ %'=42%"), "C:\\ %=42%;;;;");
}

TEST(PerformanceData, ValuesMayBeNegativeUndeterminedOrWithAComma) {
    EXPECT_EQ(read("x|t=-4.5C u=U;1;2 big=1e3B d=0,25s c=12c p=+5ms"),
              "t=-4.5C;;;; / u=U;1;2;; / big=1000B;;;; / d=0.25s;;;; / c=12c;;;; / p=5ms;;;;");
}

TEST(PerformanceData, RangesStayAsTheyAre) {
    EXPECT_EQ(read("x|a=1;@10:20;~:5;0;100"), "a=1;@10:20;~:5;0;100");
}

TEST(PerformanceData, AThousandMeasurementsCount) {
    std::string output = "OK |";
    for (int i = 0; i < 1500; ++i)
        output += " a=1";
    EXPECT_EQ(read_plugin_output(output + "\n|" + output).measurements.size(), 1000U);
}

TEST(PerformanceData, WhatIsNoMeasurementIsPassedOver) {
    EXPECT_EQ(read("x|nonsense a=1 =5 b= c=text 'open=3 d"), "a=1;;;;");
    EXPECT_EQ(read("x|'only label' a=2"), "a=2;;;;");
    EXPECT_EQ(read("x|''=1 a=2"), "a=2;;;;");
    EXPECT_EQ(read("x|a=1e999 b=1"), "b=1;;;;");
}

TEST(PluginOutput, HasTextAndDetailsAndDataInBoth) {
    const PluginOutput output = read_plugin_output(
        "DISK OK - free space: / 3326 MB (56%); | /=2643MB;5948;5958;0;5968\n"
        "/ 15272 MB (77%);\n/boot 68 MB (69%);| "
        "/boot=68MB;88;93;0;98\n/home=69357MB;253404;253409;0;253414\n");
    EXPECT_EQ(output.text, "DISK OK - free space: / 3326 MB (56%);");
    EXPECT_EQ(output.details, "/ 15272 MB (77%);\n/boot 68 MB (69%);");
    ASSERT_EQ(output.measurements.size(), 3U);
    EXPECT_EQ(output.measurements[2].label, "/home");
}

// ---- the reply -------------------------------------------------------------------------------------------------------

constexpr const char* k_ddl = R"(
metadata: {name: checks, description: d, author: a, license: l, version: "1.0.0", url: u, timeout: 10}
run: {contract: nagios}
actions:
  - {action: load, command: [check_load, -w, '{warning}']}
  - action: named
    command: [check_load]
    output:
      load1: {description: d, display_as: D, type: float}
      users: {description: d, display_as: D, type: integer}
      var_lib: {description: d, display_as: D}
)";

AgentResult reply(const char* action, const Printed& printed) {
    static const ddl::Agent agent = ddl::read_text(k_ddl, ddl::Format::yaml, "test").value().agent;
    return NagiosReply(agent, *agent.find(action)).read(printed).result;
}

TEST(NagiosReply, TheFirstFourExitCodesAreStates) {
    const char* const states[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    for (int code = 0; code < 4; ++code) {
        const AgentResult result = reply("load", {"text | a=1\nmore", "", code});
        EXPECT_EQ(result.outcome, Outcome::ok);
        EXPECT_EQ(result.data.at("status"), states[code]);
        EXPECT_EQ(result.data.at("exitcode"), code);
        EXPECT_EQ(result.data.at("text"), "text");
        EXPECT_EQ(result.data.at("details"), "more");
        EXPECT_EQ(result.data.at("perfdata"), Json::array({{{"label", "a"},
                                                            {"value", 1.0},
                                                            {"unit", ""},
                                                            {"warning", ""},
                                                            {"critical", ""},
                                                            {"minimum", nullptr},
                                                            {"maximum", nullptr}}}));
    }
}

TEST(NagiosReply, AnyOtherExitCodeIsAFailure) {
    for (const int code : {4, 127, 255}) {
        const AgentResult result = reply("load", {"out\n", "not found\n", code});
        EXPECT_EQ(result.outcome, Outcome::failed);
        EXPECT_EQ(result.error->kind, "checks/exit_" + std::to_string(code));
        EXPECT_EQ(result.statusmsg, "exit code " + std::to_string(code) + ": not found");
    }
}

TEST(NagiosReply, ADeclaredOutputTakesTheMeasurementOfItsName) {
    const AgentResult result = reply("named", {"x|Load1=0.5;1;2 users=4 '/var lib'=7MB load1=9", "", 0});
    EXPECT_EQ(result.data.at("load1"), 0.5);  // the first one
    EXPECT_EQ(result.data.at("users"), 4);
    EXPECT_TRUE(result.data.at("users").is_number_integer());
    EXPECT_EQ(result.data.at("var_lib"), 7.0);
    EXPECT_EQ(reply("named", {"x|users=4.5", "", 0}).outcome, Outcome::invalid_output);
    EXPECT_EQ(reply("named", {"x|users=U", "", 0}).data.at("users"), nullptr);
}

TEST(NagiosReply, APluginThatPrintsNothingIsHeardByItsErrors) {
    EXPECT_EQ(reply("load", {" \n", "Traceback\ncould not open\n", 1}).data.at("text"), "could not open");
}

TEST(NagiosReply, BytesThatAreNoUtf8AreReplaced) {
    EXPECT_EQ(reply("load", {"a\xff", "", 0}).data.at("text"), "a\xEF\xBF\xBD");
}

}  // namespace
}  // namespace hocket::execution
