#include "ddl-compiler/back_ends/yaml.h"

#include <gtest/gtest.h>

#include "core/ddl/reader.h"
#include "core/ddl/writer.h"
#include "ddl-compiler/back_ends/yaml_scalar.h"
#include "tests/ddl-compiler/hostile_text.h"
#include "tests/ddl-compiler/samples.h"

namespace hocket::ddl_compiler {
namespace {

/// Reads what was written of the agent; it must be equal, and have the same canonical bytes.
testing::AssertionResult survives(const ddl::Agent& agent) {
    const std::string yaml = write_yaml(agent);
    const Result<ddl::Loaded> again = ddl::read_text(yaml, ddl::Format::yaml, "again.yaml");
    if (!again) return testing::AssertionFailure() << again.error().message << "\n" << yaml;
    const bool is_equal =
        again->agent == agent && ddl::canonical_json(again->agent) == ddl::canonical_json(agent);
    return is_equal ? testing::AssertionSuccess() : testing::AssertionFailure() << "differs:\n" << yaml;
}

ddl::Agent read_json(const std::string& text) {
    const Result<ddl::Loaded> loaded = ddl::read_text(text, ddl::Format::json, "choria.json");
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? loaded->agent : ddl::Agent();
}

/// As Choria writes it; the parts are JSON with single quotes.
ddl::Agent choria_agent(std::string run, std::string action) {
    std::string text =
        "{'metadata': {'name': 'a', 'description': 'd', 'author': 'a', 'license': 'l', 'version': '1', "
        "'url': 'u',"
        " 'timeout': 5}, " +
        run + " 'actions': [{'action': 'act', 'description': 'd'" + action + "}]}";
    std::replace(text.begin(), text.end(), '\'', '"');
    return read_json(text);
}

TEST(Yaml, AgentIsAsInTheGoldenFile) {
    expect_written("sample.written.yaml", write_yaml(sample_agent()));
}

TEST(Yaml, DataPluginIsAsInTheGoldenFile) {
    expect_written("data.yaml", write_yaml(sample_data()));
}

TEST(Yaml, DiscoveryPluginIsAsInTheGoldenFile) {
    expect_written("discovery.yaml", write_yaml(sample_discovery()));
}

TEST(Yaml, SaysWhichKindAnotherPluginIs) {
    ddl::OtherPlugin plugin = sample_discovery();
    plugin.kind = ddl::Kind::validator;
    plugin.capabilities.clear();
    const std::string yaml = write_yaml(plugin);
    EXPECT_TRUE(yaml.starts_with("kind: validator\n\nmetadata:\n  name: flatfile\n")) << yaml;
    EXPECT_EQ(yaml.find("capabilities"), std::string::npos);
}

TEST(YamlRoundTrip, KeepsTheSample) {
    EXPECT_TRUE(survives(sample_agent()));
}

TEST(YamlRoundTrip, KeepsWhatItHasWritten) {
    const std::string yaml = write_yaml(sample_agent());
    EXPECT_EQ(write_yaml(ddl::read_text(yaml, ddl::Format::yaml, "")->agent), yaml);
}

TEST(YamlRoundTrip, KeepsTheExamples) {
    int count = 0;
    const std::filesystem::path folder = std::filesystem::path(HOCKET_SOURCE_DIR) / "agents-examples";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".yaml") continue;
        const Result<ddl::LoadedData> data = ddl::read_data_file(entry.path());
        if (data) {
            const std::string yaml = write_yaml(data->data);
            const Result<ddl::LoadedData> again = ddl::read_data_text(yaml, ddl::Format::yaml, "written");
            ASSERT_TRUE(again) << again.error().message;
            EXPECT_TRUE(again->data == data->data) << yaml;
        } else {
            EXPECT_TRUE(survives(ddl::read_file(entry.path()).value().agent)) << entry.path();
        }
        ++count;
    }
    EXPECT_GE(count, 8);
}

TEST(YamlRoundTrip, KeepsAChoriaDdlChorias) {
    const ddl::Agent agent = choria_agent("", ", 'input': {}, 'output': {}");
    EXPECT_FALSE(agent.has_run);
    EXPECT_EQ(write_yaml(agent).find("run"), std::string::npos);
    EXPECT_TRUE(survives(agent));
}

TEST(YamlRoundTrip, KeepsAnEmptyRunBlock) {
    const ddl::Agent agent = choria_agent("'run': {},", "");
    EXPECT_NE(write_yaml(agent).find("\nrun: {}\n"), std::string::npos);
    EXPECT_TRUE(survives(agent));
}

TEST(YamlRoundTrip, KeepsEveryKeyOfRun) {
    EXPECT_TRUE(
        survives(choria_agent("'run': {'command': ['bin/a', '--x'], 'standby': 2, 'reply': 'on_close', "
                              "'orphans': 'keep', 'grace': 0},",
                              "")));
    EXPECT_TRUE(survives(
        choria_agent("'run': {'contract': 'worker', 'worker': {'processes': 2, 'in_flight': 3, 'fork': true,"
                     " 'requests': 5, 'idle': 6, 'memory': 1048576}},",
                     "")));
}

TEST(YamlRoundTrip, KeepsAnAgentWithoutActions) {
    ddl::Agent agent = choria_agent("", "");
    agent.actions.clear();
    EXPECT_TRUE(survives(agent));
}

TEST(Yaml, LeavesOutWhatOnlyChoriaReads) {
    ddl::Agent agent = choria_agent("", ", 'aggregate': [{'function': 'summary', 'args': ['no\\nsuch']}]");
    const std::string yaml = write_yaml(agent);
    EXPECT_TRUE(yaml.starts_with(
        "# Left out, since it is over no output of action 'act': summary[\"no\\nsuch\"]\nmetadata:\n"))
        << yaml;
    agent.actions.at(0).aggregates.clear();
    EXPECT_EQ(ddl::read_text(yaml, ddl::Format::yaml, "")->agent, agent);
}

/// An agent with the next texts in every place that takes one.
ddl::Agent agent_of(HostileTexts& texts) {
    ddl::Agent agent = choria_agent("'run': {'exclusive': 'x'},",
                                    ", 'input': {'null': {'prompt': '', 'description': '', 'type': 'string', "
                                    "'maxlength': 0, 'default': ''},"
                                    " 'true': {'prompt': '', 'description': '', 'type': 'list', 'list': [1]},"
                                    " '0': {'prompt': '', 'description': '', 'type': 'hash', 'default': {}}},"
                                    " 'output': {'y': {'description': '', 'display_as': '', 'default': ''}},"
                                    " 'aggregate': [{'function': '', 'args': ['y']}]");
    for (std::string* field :
         {&agent.metadata.description, &agent.metadata.author, &agent.metadata.license,
          &agent.metadata.version, &agent.metadata.url, &agent.metadata.provider, &agent.metadata.usage})
        *field = texts.next();
    agent.run.command = {"bin/a", texts.next_without_nul(), texts.next_without_nul()};
    ddl::Action& action = agent.actions.at(0);
    action.description = texts.next();
    for (ddl::Input& input : action.inputs) {
        input.prompt = texts.next();
        input.description = texts.next();
        if (input.type == ddl::Type::string) input.default_value = texts.next();
        if (input.type == ddl::Type::list) input.list = {texts.next(), texts.next(), 1, 1.0, true};
        if (input.type == ddl::Type::hash)
            input.default_value = {{texts.next(), {texts.next()}}, {texts.next(), nullptr}};
    }
    ddl::Output& output = action.outputs.at(0);
    output = {"y", texts.next(), texts.next(), std::nullopt, false, Json(texts.next()), {}};
    action.aggregates.at(0) = {texts.next(), {"y", {{texts.next(), texts.next()}}}, {}};
    return agent;
}

TEST(YamlRoundTrip, KeepsHostileTexts) {
    HostileTexts texts(1);
    for (int i = 0; i < 60; ++i)
        ASSERT_TRUE(survives(agent_of(texts))) << "agent " << i;
}

TEST(YamlRoundTrip, KeepsPatterns) {
    for (const char* pattern :
         {"shellsafe", "yes", "^a: b #c$", "'", "\"\\\\\"", "- a", "\n", "null", " a "}) {
        ddl::Agent agent = choria_agent(
            "", ", 'input': {'x': {'prompt': '', 'description': '', 'type': 'string', 'maxlength': 0}}");
        agent.actions.at(0).inputs.at(0).validation = ddl::Validation::compile(pattern).value();
        EXPECT_TRUE(survives(agent)) << pattern;
    }
}

TEST(YamlScalar, IsPlainWhenItCanBe) {
    for (const char* text :
         {"yes", "a, b", "it's", "http://x/y?z#a", "-a", "a:b", "1.0.0", "ä", "^/[a-z]*$"}) {
        EXPECT_EQ(yaml_scalar(text, YamlPlace::block), text);
    }
}

TEST(YamlScalar, IsInQuotesWhenItMustBe) {
    for (const char* text :
         {"",   "null", "~",  "True", "1.0", "0x1F", ".inf", "1e999", "a: b", "a #b", "- a", " a",
          "a ", "@a",   "`a", "%a",   "&a",  "*a",   "!a",   "|",     "[a",   "{a}",  "#a",  "a:"}) {
        EXPECT_EQ(yaml_scalar(text, YamlPlace::block), "\"" + std::string(text) + "\"");
    }
}

TEST(YamlScalar, IsStricterBetweenBrackets) {
    EXPECT_EQ(yaml_scalar("a, b", YamlPlace::flow), "\"a, b\"");
    EXPECT_EQ(yaml_scalar("a]", YamlPlace::flow), "\"a]\"");
}

TEST(YamlScalar, TakesTheQuotesThatNeedNoEscapes) {
    EXPECT_EQ(yaml_quoted("a", YamlQuotes::twofold) + yaml_quoted("a", YamlQuotes::single), R"("a"'a')");
    EXPECT_EQ(yaml_quoted(R"(\d "a")", YamlQuotes::twofold), R"('\d "a"')");
    EXPECT_EQ(yaml_quoted(R"(it's \d)", YamlQuotes::single), R"('it''s \d')");
    EXPECT_EQ(yaml_quoted("\\\x1B\n\xE2\x80\xAE", YamlQuotes::single), R"("\\\x1b\n\u202e")");
}

TEST(YamlLiteral, KeepsBlanksAtTheStartOfItsLines) {
    EXPECT_EQ(yaml_literal(" a\n\n  b\n", 4).value(), "|2\n     a\n\n      b");
    EXPECT_EQ(yaml_literal("a\nb", 2).value(), "|-\n  a\n  b");
    EXPECT_FALSE(yaml_literal("a\r\nb", 2) || yaml_literal("a\n\n", 2) || yaml_literal("\n", 2));
}

TEST(YamlFlow, MarksALongKey) {
    const std::string key(1500, 'k');
    EXPECT_EQ(yaml_flow({{key, 1}}), "{? \"" + key + "\": 1}");
    ddl::Agent agent = choria_agent(
        "", ", 'input': {'x': {'prompt': '', 'description': '', 'type': 'hash', 'default': {}}}");
    agent.actions.at(0).inputs.at(0).default_value = {{key, 1}, {"a", {{key, 2}}}};
    EXPECT_TRUE(survives(agent));
}

}  // namespace
}  // namespace hocket::ddl_compiler
