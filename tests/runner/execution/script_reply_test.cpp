#include "runner/execution/script_reply.h"

#include <gtest/gtest.h>

#include "core/ddl/reader.h"

namespace hocket::execution {
namespace {

constexpr const char* k_ddl = R"(
metadata: {name: disk, description: d, author: a, license: l, version: "1.0.0", url: u, timeout: 10}
run: {contract: script, exit_codes: {2: changed, 3: unchanged}}
actions:
  - action: text
    description: d
    output:
      stdout: {description: d, display_as: D, type: string}
      exitcode: {description: d, display_as: D, type: integer}
  - action: lines
    description: d
    result: lines
    output: {lines: {description: d, display_as: D, type: array}, stderr: {description: d, display_as: D}}
  - action: json
    description: d
    result: json
    output: {used: {description: d, display_as: D, type: integer}}
  - action: regex
    description: d
    result: regex
    pattern: '(?m)^(?P<used>\S+)% of (?P<path>\S+)(?: \((?P<note>.*)\))?$'
    output:
      used: {description: d, display_as: D, type: integer}
      path: {description: d, display_as: D, type: string}
      note: {description: d, display_as: D, type: string}
  - action: secret
    description: d
    result: json
    input: {token: {prompt: p, description: d, type: string, maxlength: 9, sensitive: true}}
    output: {}
)";

AgentResult read(const char* action, const Printed& printed) {
    static const ddl::Agent agent = ddl::read_text(k_ddl, ddl::Format::yaml, "test").value().agent;
    return ScriptReply(agent, *agent.find(action)).read(printed).result;
}

TEST(ScriptReply, TextIsWhatWasPrintedAsFarAsItIsDeclared) {
    const AgentResult result = read("text", {"one\ntwo\n", "noise", 0});
    EXPECT_EQ(result.outcome, Outcome::ok);
    EXPECT_EQ(result.data, Json({{"stdout", "one\ntwo\n"}, {"exitcode", 0}}));
    EXPECT_EQ(result.changed, std::nullopt);
}

TEST(ScriptReply, BytesThatAreNoUtf8AreReplaced) {
    EXPECT_EQ(read("text", {"a\xff", "", 0}).data.at("stdout"), "a\xEF\xBF\xBD");
}

TEST(ScriptReply, LinesHaveNoLineEnds) {
    EXPECT_EQ(read("lines", {"a\n\nb\n", "e", 0}).data, Json({{"lines", {"a", "", "b"}}, {"stderr", "e"}}));
    EXPECT_EQ(read("lines", {"", "", 0}).data.at("lines"), Json::array());
    EXPECT_EQ(read("lines", {"a", "", 0}).data.at("lines"), Json({"a"}));
}

TEST(ScriptReply, JsonIsTheOutputs) {
    EXPECT_EQ(read("json", {"{\"used\": 5}\n", "", 0}).data, Json({{"used", 5}}));
    EXPECT_EQ(read("json", {"{\"used\": \"much\"}", "", 0}).outcome, Outcome::invalid_output);
    const AgentResult bad = read("json", {"used: 5", "", 0});
    EXPECT_EQ(bad.outcome, Outcome::bad_reply);
    EXPECT_NE(bad.statusmsg.find("used: 5"), std::string::npos) << bad.statusmsg;
}

TEST(ScriptReply, GroupsAreOutputsOfTheirTypes) {
    EXPECT_EQ(read("regex", {"head\n41% of / (root)\n", "", 0}).data,
              Json({{"used", 41}, {"path", "/"}, {"note", "root"}}));
    EXPECT_EQ(read("regex", {"41% of /", "", 0}).data, Json({{"used", 41}, {"path", "/"}}));
    EXPECT_EQ(read("regex", {"most% of /", "", 0}).outcome, Outcome::invalid_output);
    EXPECT_EQ(read("regex", {"full", "", 0}).outcome, Outcome::bad_reply);
}

TEST(ScriptReply, AnExitCodeIsAFailureUnlessTheDdlSaysOtherwise) {
    const AgentResult result = read("text", {"half", "first\nno space left\n", 1});
    EXPECT_EQ(result.outcome, Outcome::failed);
    EXPECT_EQ(result.statuscode, 1);
    EXPECT_EQ(result.statusmsg, "exit code 1: no space left");
    EXPECT_EQ(result.error->kind, "disk/exit_1");
    EXPECT_EQ(result.data, Json({{"stdout", "half"}, {"exitcode", 1}}));
    EXPECT_EQ(read("regex", {"41% of /", "", 1}).data, Json::object());
    EXPECT_EQ(read("json", {"", "", 9}).statusmsg, "exit code 9");
}

TEST(ScriptReply, TheReasonMayBeOnStdoutAndIsShort) {
    EXPECT_EQ(read("json", {"CRITICAL: on fire\n", "", 2 + 1 + 1}).statusmsg,
              "exit code 4: CRITICAL: on fire");
    EXPECT_EQ(read("text", {"", "a\x1b[31m", 1}).statusmsg, "exit code 1: a\\x1b[31m");
    EXPECT_LT(read("text", {"", std::string(100'000, 'x'), 1}).statusmsg.size(), 600U);
}

TEST(ScriptReply, AnExitCodeTellsWhetherSomethingWasChanged) {
    EXPECT_EQ(read("text", {"", "", 2}).changed, true);
    EXPECT_EQ(read("text", {"", "", 3}).changed, false);
    EXPECT_EQ(read("text", {"", "", 2}).outcome, Outcome::ok);
}

TEST(ScriptReply, ShowsNothingOfAnActionWithSensitiveFields) {
    EXPECT_EQ(read("secret", {"hunter2", "", 0}).statusmsg.find("hunter2"), std::string::npos);
    EXPECT_EQ(read("secret", {"", "hunter2", 1}).statusmsg, "exit code 1");
}

}  // namespace
}  // namespace hocket::execution
