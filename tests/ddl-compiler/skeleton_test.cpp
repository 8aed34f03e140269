#include "ddl-compiler/back_ends/skeleton.h"

#include <gtest/gtest.h>

#include "core/ddl/reader.h"
#include "tests/support/golden.h"

namespace hocket::ddl_compiler {
namespace {

/// tests/golden/back_ends/NAME, as golden.h takes it.
std::string golden(const std::string& name) {
    return "back_ends/" + name;
}

ddl::Agent agent_of(const std::string& name) {
    return ddl::read_file(test::golden_path(golden(name))).value().agent;
}

std::string name_of(const testing::TestParamInfo<Language>& info) {
    return std::string(to_string(info.param));
}

class Skeleton : public testing::TestWithParam<Language> {
protected:
    void expect_golden(const std::string& sample) const {
        const std::string text = write_skeleton(agent_of(sample + ".yaml"), GetParam()).value();
        test::expect_golden(golden(sample + std::string(suffix_of(Target::skeleton, GetParam()))), text);
    }
};

INSTANTIATE_TEST_SUITE_P(Of, Skeleton,
                         testing::Values(Language::bash, Language::php, Language::python, Language::perl,
                                         Language::ruby, Language::node, Language::go),
                         name_of);

TEST_P(Skeleton, AnswersEveryAction) {
    expect_golden("skeleton_sample");
}

TEST_P(Skeleton, KeepsTextsInCommentsAndStrings) {
    expect_golden("skeleton_hostile");
}

TEST_P(Skeleton, IsRefusedForScripts) {
    ddl::Agent agent = agent_of("skeleton_sample.yaml");
    agent.run.contract = ddl::Contract::script;
    const Result<std::string> refused = write_skeleton(agent, GetParam());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_EQ(refused.error().message,
              "agent 'sample': contract script: a script knows nothing of requests and replies, so there is "
              "nothing to begin it with; write the program that `command` names, or say `contract: json`");
}

TEST_P(Skeleton, IsRefusedForWorkers) {
    ddl::Agent agent = agent_of("skeleton_sample.yaml");
    agent.run.contract = ddl::Contract::worker;
    const Result<std::string> refused = write_skeleton(agent, GetParam());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_EQ(
        refused.error().message,
        "agent 'sample': contract worker: a skeleton answers one request and ends; say `contract: json` "
        "until it works, then let it answer line after line (spec/agent.md, workers) or use a library "
        "that does");
}

TEST_P(Skeleton, OfADataPluginAnswersItsQuery) {
    ddl::DataPlugin plugin;
    plugin.metadata.name = "load";
    plugin.run.command = {"load"};
    const Result<std::string> made = emit(plugin, Target::skeleton, GetParam());
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_NE(made->find("query"), std::string::npos);
}

TEST_P(Skeleton, BelongsToThoseThatRun) {
    const ddl::Description plugin = ddl::OtherPlugin{ddl::Kind::validator, {}, {}};
    const Result<std::string> refused = emit(plugin, Target::skeleton, GetParam());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
    EXPECT_EQ(
        refused.error().message,
        "describes something of kind 'validator'; only agents have the form 'skeleton', and data plugins");
}

TEST_P(Skeleton, TakesNothingFromTheEnvironmentOnStandby) {
    ddl::Agent agent = agent_of("skeleton_sample.yaml");
    agent.run.standby = 2;
    const std::string text = write_skeleton(agent, GetParam()).value();
    for (const char* variable : {"HOCKET_ACTION", "HOCKET_NOOP", "HOCKET_INPUT_"})
        EXPECT_EQ(text.find(variable), std::string::npos) << variable;
}

}  // namespace
}  // namespace hocket::ddl_compiler
