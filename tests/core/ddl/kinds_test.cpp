#include <gtest/gtest.h>

#include "core/ddl/reader.h"
#include "core/ddl/writer.h"

namespace hocket::ddl {
namespace {

constexpr const char* k_metadata =
    R"("metadata": {"name": "fact", "description": "d", "author": "a", "license": "l",
    "version": "1", "url": "u", "timeout": 1})";

/// One text read as a description, with what is wrong with it.
struct Read {
    Description description;
    std::string problems;
};

Read read_json(const std::string& text, const ReadOptions& options = {}, Dialect dialect = Dialect::choria) {
    Report report("sample", text);
    const std::optional<SourceNode> root = read_tree(Format::json, report, {});
    if (!root) return {{}, join_lines(report.diagnostics())};
    Description description = read_description(*root, dialect, options, report);
    return {std::move(description), join_lines(report.diagnostics())};
}

std::string data_plugin(const std::string& more) {
    return std::string("{") + k_metadata +
           R"(, "output": {"value": {"description": "v", "display_as": "Value"}})" + more + "}";
}

TEST(Kinds, ADataPluginIsKnownByItsKeys) {
    const Read read = read_json(data_plugin(
        R"(, "query": {"prompt": "Path", "description": "p", "type": "string", "validation": "^.$", "maxlength": 9})"));
    EXPECT_EQ(read.problems, "");
    ASSERT_EQ(kind_of(read.description), Kind::data);
    const DataPlugin& data = std::get<DataPlugin>(read.description);
    EXPECT_EQ(data.query.value().name, "query");
    EXPECT_EQ(data.outputs.at(0).name, "value");
}

TEST(Kinds, ADataPluginSaysHowItIsRun) {
    const Read read =
        read_json(data_plugin(
                      R"x(, "run": {"contract": "script", "command": ["cat", "{query}"], "result": "regex",
                 "pattern": "(?P<value>.*)"}, "ttl": 60, "query": {"prompt": "P", "description": "d", "type": "integer"})x"),
                  {}, Dialect::hocket);
    EXPECT_EQ(read.problems, "");
    ASSERT_EQ(kind_of(read.description), Kind::data);
    const DataPlugin& data = std::get<DataPlugin>(read.description);
    EXPECT_EQ(data.ttl_s, 60);
    const Agent agent = data.as_agent();
    ASSERT_EQ(agent.actions.size(), 1U);
    EXPECT_EQ(agent.actions[0].name, "query");
    EXPECT_EQ(agent.actions[0].safety, Safety::read_only);
    EXPECT_EQ(agent.run.command, (std::vector<std::string>{"cat", "{query}"}));
    EXPECT_EQ(canonical_json(read_json(canonical_json(read.description)).description),
              canonical_json(read.description));
}

TEST(Kinds, WhatAMonitoringPluginSaysIsAdded) {
    const Read read = read_json(
        std::string(R"({"kind": "data", "run": {"contract": "nagios", "command": ["check_load"]}, )") +
            k_metadata + "}",
        {}, Dialect::hocket);
    EXPECT_EQ(read.problems, "");
    EXPECT_EQ(std::get<DataPlugin>(read.description).outputs.size(), 5U);
}

struct Wrong {
    const char* more;
    const char* message;
};

class WrongData : public testing::TestWithParam<Wrong> {};

TEST_P(WrongData, IsSaid) {
    const Read read = read_json(data_plugin(GetParam().more), {}, Dialect::hocket);
    EXPECT_NE(read.problems.find(GetParam().message), std::string::npos) << read.problems;
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongData,
    testing::Values(
        Wrong{R"(, "run": {"contract": "bolt"})", "a data plugin is no task"},
        Wrong{R"(, "run": {"contract": "jsn"})", "did you mean 'json'?"},
        Wrong{R"(, "ttl": -1)", "'ttl' of the DDL must be from 0 to 86400"},
        Wrong{R"(, "run": {"contract": "nagios", "command": ["check", "{warning}"]})",
              "{warning} is no input"},
        Wrong{R"(, "run": {"contract": "script", "command": ["cat", "{file}"]})", "which is not an input"},
        Wrong{R"(, "query": {"prompt": "P", "description": "d", "type": "integer", "sensitive": true})",
              "nothing of a data plugin can be sensitive"},
        Wrong{R"(, "allow": "by_name")", "'allow' is for agents"}));

TEST(Kinds, CanonicalFormIsReadAsTheSame) {
    for (const std::string& text :
         {data_plugin(""),
          data_plugin(R"(, "query": {"prompt": "P", "description": "d", "type": "integer"})"),
          std::string(R"({"kind": "discovery", "capabilities": ["facts", "classes"], )") + k_metadata + "}",
          std::string(R"({"kind": "validator", )") + k_metadata + "}"}) {
        const Read read = read_json(text);
        EXPECT_EQ(read.problems, "");
        const std::string canonical = canonical_json(read.description);
        EXPECT_EQ(canonical_json(read_json(canonical).description), canonical);
    }
}

TEST(Kinds, DiscoveryNamesWhatItCanFilterBy) {
    const Read read = read_json(
        std::string(R"({"kind": "discovery", "capabilities": ["facts", "weather"], )") + k_metadata + "}");
    EXPECT_NE(read.problems.find("the string \"weather\" is no capability"), std::string::npos);
}

TEST(Kinds, MetadataAloneAreOfTheKindThatThePlaceSays) {
    const std::string text = std::string("{") + k_metadata + "}";
    EXPECT_EQ(kind_of(read_json(text, {.kind = Kind::validator}).description), Kind::validator);
}

TEST(Kinds, ATitleGivesWayToTheNameOfTheFile) {
    std::string text = std::string("{") + k_metadata + "}";
    text.replace(text.find("\"fact\""), 6, "\"Fact finder\"");
    const ReadOptions options{.kind = Kind::validator, .name = "fact"};
    const Read read = read_json(text, options, Dialect::mcollective);
    EXPECT_EQ(metadata_of(read.description).name, "fact");
    EXPECT_EQ(read.problems, "");
    EXPECT_NE(read_json(text, options, Dialect::choria).problems.find("is not a name"), std::string::npos);
}

TEST(Kinds, AnAgentWithATitleIsWarnedOf) {
    std::string text = std::string("{") + k_metadata + R"(, "actions": []})";
    text.replace(text.find("\"fact\""), 6, "\"Fact finder\"");
    const Read read = read_json(text, {.name = "fact"}, Dialect::mcollective);
    EXPECT_EQ(metadata_of(read.description).name, "fact");
    EXPECT_NE(read.problems.find("so it is called 'fact' as its file is [name_from_file]"),
              std::string::npos);
}

TEST(Kinds, WhereAnAgentIsExpectedOthersAreRefused) {
    const Result<Loaded> loaded = read_text(data_plugin(""), Format::json, "fact.json");
    ASSERT_FALSE(loaded);
    EXPECT_NE(loaded.error().message.find("describes something of kind 'data', where an agent is expected"),
              std::string::npos);
}

}  // namespace
}  // namespace hocket::ddl
