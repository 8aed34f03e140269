#include "runner/execution/json_reply.h"

#include <gtest/gtest.h>

#include "core/ddl/reader.h"

namespace hocket::execution {
namespace {

constexpr char k_ddl[] = R"(
metadata: {name: disk, description: d, author: a, license: l, version: "1.0.0", url: u, timeout: 10}
run: {contract: json}
actions:
  - action: usage
    description: d
    input: {}
    output:
      used: {description: d, display_as: Used, type: integer}
  - action: secret
    description: d
    input:
      token: {prompt: p, description: d, type: string, validation: '.', maxlength: 9, sensitive: true}
    output: {}
)";

class JsonReplyTest : public testing::Test {
protected:
    AgentResult read(std::string_view output, int exit_code = 0, const char* action = "usage") {
        CheckedOutputs checked = JsonReply(agent_, *agent_.find(action)).read(output, exit_code);
        undeclared_ = std::move(checked.undeclared);
        warnings_ = std::move(checked.warnings);
        return std::move(checked.result);
    }

    ddl::Agent agent_ = ddl::read_text(k_ddl, ddl::Format::yaml, "test").value().agent;
    std::vector<std::string> undeclared_;
    std::vector<Violation> warnings_;
};

TEST_F(JsonReplyTest, OkCarriesDataAndChanged) {
    const AgentResult result =
        read(R"({"statuscode":0,"data":{"used":41},"changed":false,"diff":"-a\n+b\n"})");
    EXPECT_EQ(result.outcome, Outcome::ok);
    EXPECT_EQ(result.diff, "-a\n+b\n");
    EXPECT_EQ(result.data, Json({{"used", 41}}));
    EXPECT_EQ(result.changed, false);
    EXPECT_EQ(result.statusmsg, "OK");
}

TEST_F(JsonReplyTest, FailureKeepsTheAgentsCodeAndError) {
    const AgentResult result = read(
        R"({"statuscode":3,"statusmsg":"no such path","error":{"kind":"disk/not_found","message":"m","details":{"a":1}}})");
    EXPECT_EQ(result.outcome, Outcome::failed);
    EXPECT_EQ(result.statuscode, 3);
    EXPECT_EQ(result.statusmsg, "no such path");
    EXPECT_EQ(result.error->kind, "disk/not_found");
}

TEST_F(JsonReplyTest, AnErrorAloneMeansCodeOne) {
    const AgentResult result = read(R"({"error":{"message":"no"}})");
    EXPECT_EQ(result.outcome, Outcome::failed);
    EXPECT_EQ(result.statuscode, 1);
    EXPECT_EQ(result.error->kind, "disk/failed");
}

TEST_F(JsonReplyTest, FailureMayExitWithAnyCode) {
    EXPECT_EQ(read(R"({"statuscode":1,"error":{"message":"no"}})", 3).outcome, Outcome::failed);
}

TEST_F(JsonReplyTest, ExitCodeWithoutAnErrorObjectIsACrash) {
    for (const char* output : {"", "noise", R"({"statuscode":0})", R"({"statuscode":1,"statusmsg":"x"})"}) {
        EXPECT_EQ(read(output, 3).outcome, Outcome::crashed) << output;
    }
    EXPECT_NE(read("noise", 3).error->message.find("code 3"), std::string::npos);
}

TEST_F(JsonReplyTest, AnythingElseIsABadReply) {
    for (const char* output :
         {"", "noise", "{} {}", "[]", R"({"statuscode":6})", R"({"statuscode":-1})", R"({"statuscode":"0"})",
          "{}", R"({"statuscode":0,"error":{"message":"x"}})", R"({"statuscode":0,"data":[]})",
          R"({"statuscode":1,"error":"x"})", R"({"statuscode":1,"error":{}})",
          R"({"statuscode":0,"changed":1})", R"({"statuscode":0,"diff":["x"]})",
          R"({"statuscode":0,"statusmsg":1})", "x{\"statuscode\":0}"}) {
        EXPECT_EQ(read(output).outcome, Outcome::bad_reply) << output;
    }
}

TEST_F(JsonReplyTest, QuotesWhatWasPrintedEscaped) {
    EXPECT_NE(read("hello\x1b[2J").error->message.find("hello\\x1b[2J"), std::string::npos);
}

TEST_F(JsonReplyTest, ShowsNothingOfAnActionWithSensitiveFields) {
    for (const int exit_code : {0, 3}) {
        const AgentResult result = read("canary", exit_code, "secret");
        EXPECT_EQ(result.error->message.find("canary"), std::string::npos);
    }
}

TEST_F(JsonReplyTest, OutputsThatBreakTheDdlAreInvalid) {
    const AgentResult result = read(R"({"statuscode":0,"data":{"used":"much"}})");
    EXPECT_EQ(result.outcome, Outcome::invalid_output);
    EXPECT_EQ(result.error->details["violations"][0]["pointer"], "/data/used");
}

TEST_F(JsonReplyTest, WithoutARunBlockTheyAreOnlyAWarning) {
    agent_.has_run = false;
    EXPECT_EQ(read(R"({"statuscode":0,"data":{"used":"much"}})").outcome, Outcome::ok);
    EXPECT_EQ(warnings_.size(), 1U);
}

TEST_F(JsonReplyTest, UndeclaredOutputsPassAndAreTold) {
    const AgentResult result = read(R"({"statuscode":0,"data":{"used":1,"extra":2},"more":[]})");
    EXPECT_EQ(result.outcome, Outcome::ok);
    EXPECT_EQ(undeclared_, std::vector<std::string>{"extra"});
}

}  // namespace
}  // namespace hocket::execution
