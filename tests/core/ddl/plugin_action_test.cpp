#include "core/ddl/plugin_action.h"

#include <gtest/gtest.h>

#include "core/ddl/reader.h"
#include "core/ddl/writer.h"

namespace hocket::ddl {
namespace {

constexpr const char* k_metadata =
    "metadata: {name: checks, description: d, author: a, license: l, version: \"1.0.0\", url: u, timeout: "
    "10}\n";

Result<Loaded> read(const std::string& rest) {
    return read_text(k_metadata + rest, Format::yaml, "checks.yaml");
}

std::string problem(const std::string& rest) {
    const Result<Loaded> loaded = read(rest);
    return loaded ? "" : loaded.error().message;
}

TEST(PluginAction, ALineIsEnough) {
    const Agent agent =
        read(
            "run: {contract: nagios}\nactions:\n"
            "  - {action: load, command: [plugins/check_load, '{per_core?-r}', -w, '{warning}', "
            "'--critical={critical}'], input: {per_core: {prompt: p, description: d, type: boolean, "
            "optional: true}}}\n")
            .value()
            .agent;
    const Action& action = agent.actions.at(0);
    EXPECT_EQ(action.description, "Runs check_load");
    EXPECT_EQ(action.display, Display::always);
    EXPECT_EQ(action.safety, Safety::read_only);
    ASSERT_EQ(action.inputs.size(), 3U);
    const Input& warning = *action.find_input("warning");
    EXPECT_TRUE(warning.optional);
    EXPECT_EQ(warning.type, Type::string);
    EXPECT_EQ(warning.validation.text(), "shellsafe");
    EXPECT_NE(action.find_input("critical"), nullptr);
    EXPECT_EQ(action.find_input("per_core")->type, Type::boolean);
    ASSERT_EQ(action.outputs.size(), 5U);
    EXPECT_EQ(action.find_output("perfdata")->type, Type::array);
    ASSERT_EQ(action.aggregates.size(), 1U);
    EXPECT_EQ(action.aggregates[0].args, Json::array({"status"}));
}

TEST(PluginAction, WhatItSaysItselfHolds) {
    const Agent agent =
        read(
            "run: {contract: nagios, command: [check_disk, -w, '{warning}']}\nactions:\n"
            "  - action: disk\n    description: own\n    display: ok\n    safety: changes\n"
            "    input: {warning: {prompt: p, description: d, type: integer}}\n"
            "    output: {root: {description: d, display_as: D, type: number},\n"
            "             text: {description: own, display_as: D, type: string}}\n"
            "    aggregate: [{function: average, args: [root]}, {function: summary, args: [status]}]\n")
            .value()
            .agent;
    const Action& action = agent.actions.at(0);
    EXPECT_EQ(action.description, "own");
    EXPECT_EQ(action.display, Display::ok);
    EXPECT_EQ(action.safety, Safety::changes);
    EXPECT_EQ(action.find_input("warning")->type, Type::integer);
    EXPECT_FALSE(action.find_input("warning")->optional);
    EXPECT_EQ(action.find_output("text")->description, "own");
    EXPECT_EQ(action.outputs.size(), 6U);
    EXPECT_EQ(action.aggregates.size(), 2U);
}

TEST(PluginAction, ItsCanonicalFormIsReadAsTheSame) {
    const Agent agent = read(
                            "run: {contract: nagios}\nactions:\n"
                            "  - {action: load, command: [check_load, -w, '{warning}']}\n")
                            .value()
                            .agent;
    const std::string canonical = canonical_json(agent);
    EXPECT_EQ(canonical_json(read_text(canonical, Format::json, "checks.json").value().agent), canonical);
}

TEST(PluginAction, WhatTheContractDoesNotGiveIsRefused) {
    const auto with = [](const std::string& members) {
        return problem("run: {contract: nagios}\nactions: [{action: load, command: [check_load], " + members +
                       "}]\n");
    };
    EXPECT_NE(with("output: {load1: {description: d, display_as: D, type: string}}")
                  .find("under the contract 'nagios' the output 'load1' is a number"),
              std::string::npos);
    EXPECT_NE(
        with("output: {status: {description: d, display_as: D, type: integer}}").find("'status' is string"),
        std::string::npos);
    EXPECT_NE(with("result: json").find("have no meaning under the contract 'nagios'"), std::string::npos);
    EXPECT_NE(problem("run: {contract: nagios, exit_codes: {1: ok}}\nactions: []\n")
                  .find("'exit_codes' of run has no meaning under the contract 'nagios'"),
              std::string::npos);
    EXPECT_NE(
        problem("run: {contract: nagios, standby: 2}\nactions: []\n").find("'standby' of run has no meaning"),
        std::string::npos);
}

TEST(PluginAction, APlaceInTheCommandThatCannotBeAnInputIsRefusedAsOfAScript) {
    EXPECT_NE(problem("run: {contract: nagios}\nactions: [{action: a, command: [check, '{x?-r}']}]\n")
                  .find("which is not an input"),
              std::string::npos);
    EXPECT_NE(problem("run: {contract: nagios}\nactions: [{action: a, command: [check, '{x']}]\n"), "");
}

TEST(PluginAction, ALabelBecomesTheNameOfAnOutput) {
    EXPECT_EQ(output_name_of("load1"), "load1");
    EXPECT_EQ(output_name_of("/var/lib"), "var_lib");
    EXPECT_EQ(output_name_of("C:\\ %"), "c");
    EXPECT_EQ(output_name_of("RTA Max"), "rta_max");
    EXPECT_EQ(output_name_of("/"), "");
    EXPECT_EQ(output_name_of(""), "");
}

}  // namespace
}  // namespace hocket::ddl
