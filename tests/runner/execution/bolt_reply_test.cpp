#include "runner/execution/bolt_reply.h"

#include <gtest/gtest.h>

#include "core/ddl/reader.h"

namespace hocket::execution {
namespace {

constexpr const char* k_ddl = R"(
metadata: {name: facts, description: d, author: a, license: l, version: "1.0.0", url: u, timeout: 10}
run: {contract: bolt}
actions:
  - action: init
    description: d
    command: [init.sh]
    output:
      result: {description: d, display_as: D, type: hash}
      _output: {description: d, display_as: D, type: string}
      _items: {description: d, display_as: D, type: array}
      used: {description: d, display_as: D, type: integer}
)";

AgentResult read(const Printed& printed) {
    static const ddl::Agent agent = ddl::read_text(k_ddl, ddl::Format::yaml, "test").value().agent;
    return BoltReply(agent, *agent.find("init")).read(printed).result;
}

TEST(BoltReply, AnObjectIsTheResultAndWhatIsDeclaredAnOutput) {
    const AgentResult result = read({R"({"used": 5, "more": [1], "result": "x"})", "", 0});
    EXPECT_EQ(result.outcome, Outcome::ok);
    EXPECT_EQ(result.data, Json({{"used", 5}, {"result", {{"more", {1}}, {"result", "x"}}}}));
    EXPECT_EQ(result.changed, std::nullopt);
}

TEST(BoltReply, AnythingElseIsText) {
    for (const char* text : {"", "text\n", "[1]", "5", "{", "{} {}", R"({"a": 1, "a": 2})"})
        EXPECT_EQ(read({text, "", 0}).data, Json({{"_output", text}})) << text;
}

TEST(BoltReply, AnErrorIsReadAsFarAsItIsOne) {
    const AgentResult whole =
        read({R"({"_error": {"kind": "a/b", "msg": "m\nn", "details": {"x": 1}}, "_output": "o"})", "", 0});
    EXPECT_EQ(whole.outcome, Outcome::failed);
    EXPECT_EQ(whole.statuscode, 1);
    EXPECT_EQ(whole.statusmsg, "m");
    EXPECT_EQ(whole.error->kind, "a/b");
    EXPECT_EQ(whole.error->message, "m\nn");
    EXPECT_EQ(whole.error->details, Json({{"x", 1}}));
    EXPECT_EQ(whole.data, Json({{"_output", "o"}}));
    const AgentResult odd = read({R"({"_error": "no object"})", "", 2});
    EXPECT_EQ(odd.error->kind, "puppetlabs.tasks/task-error");
    EXPECT_EQ(odd.error->message, "The task errored with a code 2");
    EXPECT_EQ(read({R"({"_error": null})", "", 0}).outcome, Outcome::ok);
}

TEST(BoltReply, AnExitCodeIsAFailure) {
    const AgentResult result = read({"some text", "errors", 3});
    EXPECT_EQ(result.error->message, "The task errored with a code 3");
    EXPECT_EQ(result.error->details, Json({{"exitcode", 3}}));
    EXPECT_EQ(result.data, Json({{"_output", "some text"}}));
    EXPECT_EQ(read({" \n", "why\n", 3}).error->message,
              "The task errored with a code 3 and no stdout, but stderr contained:\nwhy");
}

TEST(BoltReply, BytesThatAreNoUtf8AreRefused) {
    EXPECT_EQ(read({"\xff", "", 0}).outcome, Outcome::bad_reply);
}

TEST(BoltReply, OutputsThatBreakTheDdlAreInvalid) {
    EXPECT_EQ(read({R"({"used": "x"})", "", 0}).outcome, Outcome::invalid_output);
}

}  // namespace
}  // namespace hocket::execution
