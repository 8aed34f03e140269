#include "core/ddl/task_tree.h"

#include <gtest/gtest.h>

#include "core/ddl/reader.h"
#include "core/ddl/task_folder.h"
#include "core/ddl/writer.h"
#include "tests/support/temporary_folder.h"

namespace hocket::ddl {
namespace {

TaskPlace place() {
    return {"apache", "reload", "reload.sh"};
}

/// The agent of one task's metadata; what is wrong, one line each, if it is none.
Result<Agent> read(const std::string& metadata, const TaskPlace& where = place()) {
    Report report("reload.json", metadata);
    const SourceNode root = read_tree(Format::json, report, {}).value();
    const SourceNode tree = task_description(root, where, report);
    Description description = read_description(tree, Dialect::hocket, {}, report);
    if (report.has_errors()) return Error{ErrorCode::invalid_ddl, join_lines(report.diagnostics()), {}};
    return std::get<Agent>(std::move(description));
}

std::string problem(const std::string& metadata) {
    const Result<Agent> agent = read(metadata);
    return agent ? "" : agent.error().message;
}

TEST(TaskTree, MetadataBecomeAnAction) {
    const Agent agent = read(R"({
        "puppet_task_version": 1, "description": "Reloads it", "supports_noop": true, "input_method": "stdin", "private": true,
        "parameters": {
            "mode": {"type": "Enum[soft, hard]", "description": "How", "default": "soft"},
            "name": {"type": "String[1, 20]"},
            "count": {"type": "Optional[Integer[1, 5]]"},
            "secret": {"type": "Sensitive[String]", "sensitive": true},
            "anything": {}
        }})")
                            .value();
    EXPECT_EQ(agent.metadata.name, "apache");
    EXPECT_EQ(agent.run.contract, Contract::bolt);
    const Action& action = agent.actions.at(0);
    EXPECT_EQ(action.name, "reload");
    EXPECT_EQ(action.description, "Reloads it");
    EXPECT_EQ(action.script.command, std::vector<std::string>{"reload.sh"});
    EXPECT_EQ(action.input_method, InputMethod::standard_input);
    EXPECT_TRUE(action.noop);
    EXPECT_TRUE(action.is_private);
    EXPECT_FALSE(action.any_inputs);
    const Input& mode = *action.find_input("mode");
    EXPECT_EQ(mode.type, Type::list);
    EXPECT_EQ(mode.list, (std::vector<Json>{"soft", "hard"}));
    EXPECT_EQ(mode.default_value, Json("soft"));
    EXPECT_FALSE(mode.is_required());
    EXPECT_TRUE(action.find_input("name")->is_required());
    EXPECT_EQ(action.find_input("count")->type, Type::integer);
    EXPECT_TRUE(action.find_input("count")->optional);
    EXPECT_TRUE(action.find_input("secret")->sensitive);
    EXPECT_EQ(action.find_input("anything")->type, Type::any);
    EXPECT_TRUE(action.find_input("anything")->optional);
    EXPECT_NE(action.find_output("_output"), nullptr);
    EXPECT_TRUE(action.find_output("_sensitive")->sensitive);
}

TEST(TaskTree, ItsCanonicalFormIsReadAsTheSame) {
    const Agent agent =
        read(
            R"({"parameters": {"a": {"type": "Optional[Array[String[1], 1]]"}}, "input_method": "environment"})")
            .value();
    const std::string canonical = canonical_json(agent);
    const Result<Loaded> again = read_text(canonical, Format::json, "apache.json");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(canonical_json(again->agent), canonical);
    EXPECT_EQ(again->agent.actions, agent.actions);
}

TEST(TaskTree, WithoutMetadataItTakesNothingUnlessTheNodeSaysOtherwise) {
    EXPECT_TRUE(read("{}").value().actions.at(0).inputs.empty());
    EXPECT_FALSE(read("{}").value().actions.at(0).any_inputs);
    TaskPlace lenient = place();
    lenient.takes_any_inputs = true;
    EXPECT_TRUE(read("{}", lenient).value().actions.at(0).any_inputs);
    EXPECT_TRUE(read(R"({"parameters": null})", lenient).value().actions.at(0).any_inputs);
    EXPECT_FALSE(read(R"({"parameters": {}})", lenient).value().actions.at(0).any_inputs);
}

TEST(TaskTree, TheFirstImplementationThatFitsIsTaken) {
    const std::string metadata = R"({"input_method": "both", "implementations": [
        {"name": "reload.ps1", "requirements": ["powershell"], "input_method": "powershell"},
        {"name": "reload.rb", "requirements": ["shell", "puppet-agent"]},
        {"name": "plain.sh", "requirements": ["shell"], "input_method": "environment"}]})";
    const Action action = read(metadata).value().actions.at(0);
    EXPECT_EQ(action.script.command, std::vector<std::string>{"plain.sh"});
    EXPECT_EQ(action.input_method, InputMethod::environment);
    TaskPlace with_puppet = place();
    with_puppet.features.insert("puppet-agent");
    EXPECT_EQ(read(metadata, with_puppet).value().actions.at(0).script.command,
              std::vector<std::string>{"reload.rb"});
    EXPECT_NE(problem(R"({"implementations": [{"name": "x.ps1", "requirements": ["powershell"]}]})")
                  .find("no implementation has requirements that are met here"),
              std::string::npos);
}

TEST(TaskTree, AnExtensionSaysWhatBoltHasNoWordFor) {
    const Action action = read(R"({"extensions": {"hocket": {"timeout": 20, "safety": "read_only",
        "output": {"used": {"description": "d", "display_as": "Used", "type": "integer"}},
        "aggregate": [{"function": "average", "args": ["used"]}]}, "other": {"x": 1}}})")
                              .value()
                              .actions.at(0);
    EXPECT_EQ(action.timeout_s, 20);
    EXPECT_EQ(action.safety, Safety::read_only);
    EXPECT_EQ(action.find_output("used")->type, Type::integer);
    EXPECT_EQ(action.aggregates.size(), 1U);
}

TEST(TaskTree, WhatDoesNotFitIsAnErrorWithItsPlace) {
    const std::pair<const char*, const char*> rows[] = {
        {R"({"parameters": {"a": {"type": "Strng"}}})",
         "reload.json:1:31: error: 'puppet_type' of input 'a'"},
        {R"({"parameters": {"a": {"type": "Integer[1]", "default": 0}}})",
         "is not of the type Integer[1]: 0"},
        {R"({"parameters": {"a": {"type": "Enum[x]", "default": "y"}}})", "must be one of the list x"},
        {R"({"parameters": {"a": 5}})", "must be an object, not the number 5"},
        {R"({"parameters": {"a": {"sensitive": true, "default": "x"}}})", "is sensitive and has a default"},
        {R"({"input_method": "environment", "parameters": {"a": {"sensitive": true}}})",
         "would show it to others"},
        {R"({"input_method": "powershell"})", "it is for Windows"},
        {R"({"input_method": "stdn"})", "must be one of both, stdin, environment, powershell"},
        {R"({"remote": true})", "it runs on a proxy"},
        {R"({"supports_noop": "yes"})", "must be true or false"},
        {R"({"implementations": [{"name": "../x.sh"}]})", "leaves the agent's folder by '..'"},
        {R"({"extensions": {"hocket": {"nonsense": 1}}})", "unknown key 'nonsense'"},
    };
    for (const auto& [metadata, expected] : rows)
        EXPECT_NE(problem(metadata).find(expected), std::string::npos)
            << metadata << ": " << problem(metadata);
}

TEST(TaskTree, MetadataAreToldFromDescriptions) {
    const auto is_task = [](const std::string& text, bool lies_among_tasks = false) {
        Report report("x.json", text);
        return is_task_metadata(read_tree(Format::json, report, {}).value(), lies_among_tasks);
    };
    EXPECT_TRUE(is_task(R"({"puppet_task_version": 1})"));
    EXPECT_TRUE(is_task(R"({"parameters": {}})"));
    EXPECT_TRUE(is_task(R"({"input_method": "stdin"})"));
    EXPECT_FALSE(is_task(R"({"metadata": {}, "actions": []})"));
    EXPECT_FALSE(is_task(R"({"description": "x"})"));
    EXPECT_TRUE(is_task(R"({"description": "x"})", true));
    EXPECT_FALSE(is_task(R"({"metadata": {}, "actions": []})", true));
    EXPECT_FALSE(is_task("[]"));
}

class TaskFolderTest : public testing::Test {
protected:
    void write(const std::string& name, const std::string& text) {
        folder_.write("apache/tasks/" + name, text);
    }

    test::TemporaryFolder folder_;
};

TEST_F(TaskFolderTest, AFileIsATaskAndTheModuleAnAgent) {
    folder_.write(
        "apache/metadata.json",
        R"({"name": "puppetlabs-apache", "version": "5.4.0", "author": "puppetlabs", "license": "Apache-2.0",
                      "source": "https://example.net/apache"})");
    write("init.sh", "#!/bin/sh\n");
    write("reload.py", "#!/usr/bin/python3\n");
    write("reload.json", R"({"description": "Reloads it", "parameters": {}})");
    write("README.md", "about");
    write("win.ps1", "");
    write("Odd-Name.sh", "");
    const ModuleTasks module = read_module_tasks(folder_ / "apache", {}).value();
    EXPECT_EQ(module.problems, std::vector<std::string>());
    EXPECT_EQ(module.agent.metadata.version, "5.4.0");
    EXPECT_EQ(module.agent.metadata.url, "https://example.net/apache");
    ASSERT_EQ(module.agent.actions.size(), 2U);
    EXPECT_EQ(module.agent.actions[0].name, "init");
    EXPECT_EQ(module.agent.actions[1].script.command, std::vector<std::string>{"reload.py"});
    EXPECT_EQ(module.agent.actions[1].description, "Reloads it");
}

TEST_F(TaskFolderTest, ATaskThatIsWrongIsLeftOutAlone) {
    write("good.sh", "#!/bin/sh\n");
    write("bad.sh", "#!/bin/sh\n");
    write("bad.json", R"({"parameters": {"a": {"type": "Nothing"}}})");
    write("broken.sh", "#!/bin/sh\n");
    write("broken.json", "{");
    write("two.sh", "#!/bin/sh\n");
    write("two.py", "#!/bin/sh\n");
    const ModuleTasks module = read_module_tasks(folder_ / "apache", {}).value();
    ASSERT_EQ(module.agent.actions.size(), 1U);
    EXPECT_EQ(module.agent.actions[0].name, "good");
    EXPECT_EQ(module.problems.size(), 3U);
}

TEST_F(TaskFolderTest, WithoutATaskItIsNoAgent) {
    write("README.md", "");
    const auto module = read_module_tasks(folder_ / "apache", {});
    ASSERT_FALSE(module);
    EXPECT_NE(module.error().message.find("has no task that can run here"), std::string::npos);
}

TEST_F(TaskFolderTest, APlaceIsKnownByThePath) {
    write("reload.py", "");
    write("reload.json", "{}");
    const TaskPlace inside = task_place_of(folder_ / "apache/tasks/reload.json");
    EXPECT_EQ(inside.module, "apache");
    EXPECT_EQ(inside.task, "reload");
    EXPECT_EQ(inside.executable, "reload.py");
    const TaskPlace outside = task_place_of(folder_ / "apache/other.json");
    EXPECT_EQ(outside.module, "other");
    EXPECT_EQ(outside.task, "other");
}

}  // namespace
}  // namespace hocket::ddl
