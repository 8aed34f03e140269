#include "tests/support/golden.h"

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/ddl/help.h"
#include "tests/core/ddl/ddl_text.h"

namespace hocket::ddl {
namespace {

/// What a source says when it is read: its diagnostics, or its warnings.
std::string outcome_of(const std::string& name) {
    const Result<std::string> text = hocket::read_file(test::golden_path("ddl/" + name), 1U << 20U);
    if (!text) return text.error().message;
    const Result<Loaded> loaded = read_text(*text, format_of(name).value(), name);
    return loaded ? warnings_of(*loaded) : loaded.error().message + "\n";
}

class Diagnostics : public testing::TestWithParam<const char*> {};

TEST_P(Diagnostics, AreAsInTheGoldenFile) {
    const std::string name = GetParam();
    test::expect_golden("ddl/" + name + ".expected", outcome_of(name));
}

INSTANTIATE_TEST_SUITE_P(All, Diagnostics,
                         testing::Values("everything_wrong.yaml", "metadata_wrong.json",
                                         "duplicate_keys.json", "duplicate_keys.yaml", "broken.json",
                                         "broken.yaml", "data_command.yaml", "regexes.yaml",
                                         "choria_warnings.json", "long_lines.json"));

Agent agent_for_help() {
    return read_file(test::golden_path("ddl/help.yaml")).value().agent;
}

TEST(Describe, AgentIsAsInTheGoldenFile) {
    test::expect_golden("ddl/help_agent.expected", describe(agent_for_help()));
}

TEST(Describe, ActionIsAsInTheGoldenFile) {
    const Agent agent = agent_for_help();
    test::expect_golden("ddl/help_action.expected", describe(agent, *agent.find("usage")));
}

TEST(Describe, BareActionIsAsInTheGoldenFile) {
    const Agent agent = agent_for_help();
    test::expect_golden("ddl/help_bare_action.expected", describe(agent, *agent.find("clean")));
}

TEST(Describe, EscapesWhatComesFromTheDdl) {
    Agent agent = agent_for_help();
    agent.metadata.author = "\x1B[31mred";
    agent.actions.at(0).description = "\x1B[31mred";
    EXPECT_EQ((describe(agent) + describe(agent, agent.actions.at(0))).find('\x1B'), std::string::npos);
}

}  // namespace
}  // namespace hocket::ddl
