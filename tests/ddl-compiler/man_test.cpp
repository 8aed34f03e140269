#include "ddl-compiler/back_ends/man.h"

#include <gtest/gtest.h>

#include "ddl-compiler/back_ends/example_call.h"
#include "ddl-compiler/back_ends/roff.h"
#include "tests/ddl-compiler/samples.h"

namespace hocket::ddl_compiler {
namespace {

TEST(Man, AgentIsAsInTheGoldenFile) {
    expect_written("sample.7", write_man(sample_agent()));
}

TEST(Man, DataPluginIsAsInTheGoldenFile) {
    expect_written("data.7", write_man(sample_data()));
}

TEST(Man, DiscoveryPluginIsAsInTheGoldenFile) {
    expect_written("discovery.7", write_man(sample_discovery()));
}

TEST(Roff, StartsNoRequest) {
    EXPECT_EQ(roff_paragraphs(".so /etc/passwd\n'br\n  .x"), "\\&.so /etc/passwd\n\\(aqbr\n\\&.x\n");
}

TEST(Roff, HasNoEscapesOfTheText) {
    EXPECT_EQ(roff_line("\\fB \"a\" `b` ^~"), "\\efB \\(dqa\\(dq \\(gab\\(ga \\(ha\\(ti");
}

TEST(Roff, KeepsOptionsAsTheyAreTyped) {
    EXPECT_EQ(roff_line("a well-known --dry-run"), "a well-known \\-\\-dry-run");
    EXPECT_EQ(roff_literal("well-known"), "well\\-known");
}

TEST(Roff, LetsLongWordsBreakBetweenCharacters) {
    EXPECT_EQ(roff_literal(std::string(32, 'a') + "éb"), std::string(32, 'a') + "\\:éb");
}

TEST(ExampleCall, HasAValueForEachRequiredInput) {
    const ddl::Agent agent = sample_agent();
    EXPECT_EQ(example_call(agent, *agent.find("convert")),
              "hocket rpc sample convert mode=yes path=/tmp token=@token.txt");
}

TEST(ExampleCall, NamesWhatItCannotThinkOf) {
    ddl::Agent agent;
    agent.metadata.name = "a";
    ddl::Input input;
    input.name = "code";
    input.validation = ddl::Validation::compile("^[0-9]{7}$").value();
    ddl::Action action;
    action.name = "b";
    action.inputs = {input};
    EXPECT_EQ(example_call(agent, action), "hocket rpc a b code=CODE");
}

TEST(ExampleCall, WritesAsJsonWhatWouldBeTakenForAFile) {
    ddl::Agent agent;
    agent.metadata.name = "a";
    ddl::Input input;
    input.name = "user";
    input.type = ddl::Type::list;
    input.list = {"@it's"};
    ddl::Action action;
    action.name = "b";
    action.inputs = {input};
    EXPECT_EQ(example_call(agent, action), R"(hocket rpc a b user:='"@it'\''s"')");
}

}  // namespace
}  // namespace hocket::ddl_compiler
