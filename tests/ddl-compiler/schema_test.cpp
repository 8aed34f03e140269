#include "ddl-compiler/back_ends/schema.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/ddl/reader.h"
#include "ddl-compiler/back_end.h"
#include "ddl-compiler/back_ends/portable_validator.h"
#include "tests/core/ddl/ddl_text.h"
#include "tests/support/golden.h"

namespace hocket::ddl_compiler {
namespace {

const std::string k_samples = "back_ends/";

ddl::Agent sample(const std::string& name) {
    const Result<ddl::Loaded> loaded = ddl::read_file(test::golden_path(k_samples + name));
    if (loaded) return loaded->agent;
    ADD_FAILURE() << loaded.error().message;
    return {};
}

Json schema_of(const ddl::Agent& agent) {
    return Json::parse(write_schema(agent));
}

/// Of the input `x` of the action `act`.
Json schema_of(const ddl::Input& input) {
    ddl::Agent agent;
    agent.actions.emplace_back().name = "act";
    agent.actions.front().inputs = {input};
    agent.actions.front().inputs.front().name = "x";
    return schema_of(agent)["$defs"]["act.input"]["properties"]["x"];
}

TEST(Schema, IsThatOfTheSample) {
    test::expect_golden(k_samples + "schema_rich.expected.json", write_schema(sample("schema_rich.yaml")));
}

TEST(Schema, IsEmittedOfAgents) {
    const ddl::Agent agent = sample("schema_rich.yaml");
    EXPECT_EQ(emit(agent, Target::schema, Language::bash).value(), write_schema(agent));
}

TEST(Schema, IsNotThereOfOtherKinds) {
    const Result<std::string> text = emit(ddl::DataPlugin(), Target::schema, Language::bash);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::unsupported);
}

TEST(Schema, EncodesTheVersionInItsName) {
    ddl::Agent agent;
    agent.metadata.name = "disk";
    agent.metadata.version = "1.0 (β)#2";
    EXPECT_EQ(schema_of(agent)["$id"], "urn:hocket:ddl:disk:1.0%20%28%CE%B2%29%232");
}

TEST(Schema, HasNoAnchorThatBeginsWithADigit) {
    ddl::Agent agent;
    agent.actions.emplace_back().name = "1st";
    const Json parts = schema_of(agent)["$defs"];
    EXPECT_TRUE(parts.contains("1st.input"));
    EXPECT_FALSE(parts["1st.input"].contains("$anchor"));
}

TEST(Schema, OfAnAgentWithoutActionsAcceptsNoRequest) {
    EXPECT_EQ(schema_of(ddl::Agent())["properties"]["action"], false);
}

TEST(Schema, ListsEqualValuesOnce) {
    const Json schema = schema_of(ddl::input_of("list", ", list: [1, '1', 1.0, true, 1]"));
    EXPECT_EQ(schema["enum"].dump(), R"([1,"1",true])");
}

TEST(Schema, OfADeclaredValidatorChecksWhatHasAPortableForm) {
    const ddl::Loaded loaded = ddl::load_yaml(
        ddl::yaml_agent("x: {prompt: p, description: d, type: string, maxlength: 9, validation: team}") +
        "validators:\n  team: {pattern: '[a-z]+', forbidden: 'xy', min_length: 2, separator: ',', item: "
        "package_name}\n");
    const Json schema = schema_of(loaded.agent.actions.at(0).inputs.at(0));
    const std::string item =
        "(?=(?:^|(?<=,))(?:(?!,)[A-Za-z0-9_.\\-])+(?!(?:(?!,)[\\s\\S])))(?:(?!,)[\\s\\S])*";
    const std::string all =
        R"x([{"pattern":"^(?:[a-z]+)(?![\\s\\S])"},{"pattern":"^[^xy]*(?![\\s\\S])"},{"pattern":)x" +
        dump_json("^" + item + "(?:," + item + "){0,}(?![\\s\\S])") + R"x(},{"minLength":2}])x";
    EXPECT_EQ(schema["allOf"].dump(), all);
    EXPECT_EQ(schema["$comment"], "validation: team");
}

TEST(Schema, SaysWhichPatternItCannotCheck) {
    const Json schema = schema_of(ddl::input_of("string", R"(, validation: '^\p{Greek}+$', maxlength: 0)"));
    EXPECT_FALSE(schema.contains("pattern"));
    EXPECT_NE(schema["$comment"].get<std::string>().find("^\\p{Greek}+$"), std::string::npos);
}

TEST(Schema, RequiresWhatHasNoDefault) {
    ddl::Agent agent;
    agent.actions = {
        ddl::action_with("a: {prompt: p, description: d, type: integer}\n"
                         "b: {prompt: p, description: d, type: integer, optional: true}\n"
                         "c: {prompt: p, description: d, type: integer, default: 1}")};
    EXPECT_EQ(schema_of(agent)["$defs"]["act.input"]["required"], Json({"a"}));
}

TEST(PortableValidator, IsThereForEveryName) {
    for (const auto& [validator, name] : ddl::k_named_validators)
        EXPECT_TRUE(portable_validator(name)) << name;
    EXPECT_FALSE(portable_validator("nobody"));
}

}  // namespace
}  // namespace hocket::ddl_compiler
