#include <gtest/gtest.h>

#include "core/ddl/values.h"
#include "core/ddl/writer.h"
#include "tests/core/ddl/ddl_text.h"

/// What published Choria DDLs look like, and what becomes of it.
namespace hocket::ddl {
namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

constexpr std::string_view k_service = R"({
  "$schema": "https://choria.io/schemas/mcorpc/ddl/v1/agent.json",
  "metadata": {
    "name": "unit",
    "description": "Starts and stops units",
    "author": "Someone <someone@example.com>",
    "license": "Apache-2.0",
    "version": "0.3.1",
    "url": "https://example.com/unit",
    "timeout": 60,
    "provider": "external",
    "service": false
  },
  "actions": [
    {
      "action": "status",
      "description": "Tells the state of a unit",
      "display": "always",
      "input": {
        "unit": {
          "prompt": "Unit", "description": "Its name", "type": "string",
          "default": null, "optional": false, "validation": "unit_name", "maxlength": 90
        },
        "limits": {"prompt": "Limits", "description": "Some", "type": "Hash", "optional": true},
        "CN": {"prompt": "CN", "description": "Common name", "type": "Array", "optional": true}
      },
      "output": {
        "state": {"description": "What it does", "display_as": "State", "type": "string", "default": "unknown"},
        "since": {"description": "Since when", "display_as": "Since"}
      },
      "aggregate": [{"function": "summary", "args": ["state", {"format": "%s"}]}]
    }
  ]
})";

TEST(Choria, DdlLoadsUnchanged) {
    const Agent agent = load_json(std::string(k_service)).agent;
    EXPECT_FALSE(agent.has_run);
    EXPECT_EQ(agent.metadata.provider, "external");
    const Action& status = agent.actions.at(0);
    EXPECT_EQ(status.find_input("limits")->type, Type::hash);
    EXPECT_EQ(status.find_input("CN")->type, Type::array);
    EXPECT_FALSE(status.find_input("unit")->default_value);
    EXPECT_EQ(status.find_output("since")->type, std::nullopt);
}

TEST(Choria, KeysOfItsOwnAreIgnoredWithAWarning) {
    const std::string warnings = warnings_of(load_json(std::string(k_service)));
    EXPECT_TRUE(contains(warnings, "'service' of metadata is Choria's and ignored"));
    EXPECT_FALSE(contains(warnings, "$schema"));
}

TEST(Choria, ValidatorThatWeDoNotHaveIsWarnedOf) {
    EXPECT_TRUE(contains(
        warnings_of(load_json(std::string(k_service))),
        "no validator is named 'unit_name', and as a regular expression it would ask for that word"));
}

TEST(Choria, UnknownKeysAreTolerated) {
    const Loaded loaded = load_json(
        choria_agent(R"("x": {"prompt": "p", "description": "d", "type": "integer", "senstive": true})"));
    EXPECT_TRUE(contains(warnings_of(loaded), "warning: unknown key 'senstive'"));
    EXPECT_TRUE(contains(warnings_of(loaded), "did you mean 'sensitive'?"));
}

TEST(Choria, UnknownKeysAreErrorsOnceThereIsARunBlock) {
    std::string text = choria_agent("");
    text.insert(1, "\"run\": {}, \"weather\": 1, ");
    EXPECT_TRUE(contains(refusal_of_json(text), "error: unknown key 'weather' in the DDL"));
}

TEST(Choria, NumericStringsAreTakenWithAWarning) {
    std::string text = choria_agent(
        R"("x": {"prompt": "p", "description": "d", "type": "string", "maxlength": "64", "validation": "."},
           "n": {"prompt": "p", "description": "d", "type": "integer", "default": "10"})");
    text.replace(text.find("\"timeout\": 10"), 13, "\"timeout\": \"10\"");
    const Loaded loaded = load_json(text);
    EXPECT_EQ(loaded.agent.metadata.timeout_s, 10);
    EXPECT_EQ(loaded.agent.actions.at(0).find_input("x")->maxlength, 64U);
    EXPECT_EQ(loaded.agent.actions.at(0).find_input("n")->default_value, 10);
    EXPECT_TRUE(
        contains(warnings_of(loaded), "'timeout' of metadata is the string \"10\", taken as a number"));
    EXPECT_EQ(loaded.warnings.size(), 3U);
}

TEST(Choria, MissingMaxlengthIsUnlimitedAndTheRegexStillHolds) {
    const Loaded loaded = load_json(
        choria_agent(R"("x": {"prompt": "p", "description": "d", "type": "string", "validation": "^a+$"})"));
    EXPECT_TRUE(contains(warnings_of(loaded), "has no 'maxlength'"));
    const Action& action = loaded.agent.actions.at(0);
    EXPECT_TRUE(check_inputs(action, {{"x", std::string(100'000, 'a')}}, Defaults::apply));
    EXPECT_FALSE(check_inputs(action, {{"x", "b"}}, Defaults::apply));
}

TEST(Choria, RegexThatStartsWithALetterIsEnforced) {
    const Loaded loaded = load_json(choria_agent(
        R"("x": {"prompt": "p", "description": "d", "type": "string", "validation": "yes|no", "maxlength": 3})"));
    EXPECT_EQ(warnings_of(loaded), "");
    EXPECT_FALSE(check_inputs(loaded.agent.actions.at(0), {{"x", "abc"}}, Defaults::apply));
}

TEST(Choria, KeysThatMeanNothingForTheTypeAreWarnedOf) {
    const Loaded loaded = load_json(choria_agent(
        R"("x": {"prompt": "p", "description": "d", "type": "integer", "validation": "", "maxlength": 10})"));
    EXPECT_TRUE(
        contains(warnings_of(loaded), "'maxlength' of input 'x' of action 'act' means nothing for the type"));
    EXPECT_EQ(loaded.agent.actions.at(0).inputs.at(0).maxlength, 0U);
}

TEST(Choria, OutputTypesThatNobodyKnowsAreDropped) {
    const Loaded loaded =
        load_json(choria_agent("", R"("y": {"description": "d", "display_as": "Y", "type": "whatever"},
                            "any": {"description": "d", "display_as": "Any", "type": "any"},
                            "z": {"description": "d", "display_as": "Z", "type": "list"})"));
    EXPECT_EQ(loaded.agent.actions.at(0).find_output("y")->type, std::nullopt);
    EXPECT_EQ(loaded.warnings.size(), 2U);
}

TEST(Choria, AggregateOverAnUndeclaredOutputIsWarnedOf) {
    const Loaded loaded =
        load_json(choria_agent("", "", R"("aggregate": [{"function": "summary", "args": ["gone"]}],)"));
    EXPECT_TRUE(contains(warnings_of(loaded), "the output 'gone', which is not declared"));
}

TEST(Choria, NullIsAbsent) {
    std::string text = choria_agent("", "", R"("aggregate": null, "display": null,)");
    text.replace(text.find("\"input\": {}"), 11, "\"input\": null");
    EXPECT_EQ(load_json(text).agent.actions.at(0).display, Display::failed);
}

TEST(Choria, AnAgentWithoutActionsIsWarnedOf) {
    const Loaded loaded = load_json(
        R"({"metadata": {"name": "sample", "description": "d", "author": "a", "license": "l", "version": "1",
                         "url": "u", "timeout": 5}, "actions": []})");
    EXPECT_TRUE(contains(warnings_of(loaded), "the agent has no actions"));
}

TEST(Choria, UnknownValidatorNearOneOfOursIsHinted) {
    const Loaded loaded = load_json(choria_agent(
        R"("x": {"prompt": "p", "description": "d", "type": "string", "validation": "shelsafe", "maxlength": 3})"));
    EXPECT_TRUE(contains(warnings_of(loaded), "did you mean 'shellsafe'?"));
}

TEST(Choria, AnExternalAgentIsOfContractChoria) {
    const auto read_json = [](const std::string& provider, const std::string& more) {
        return read_text(
            R"({"metadata": {"name": "p", "description": "d", "author": "a", "license": "l", "version": "1",
                             "url": "u", "timeout": 1, "provider": ")" +
                provider + R"("}, )" + more + R"("actions": []})",
            Format::json, "p.json");
    };
    EXPECT_EQ(read_json("external", "").value().agent.run.contract, Contract::choria);
    EXPECT_EQ(read_json("ruby", "").value().agent.run.contract, Contract::json);
    EXPECT_EQ(read_json("external", R"("run": {"contract": "script"}, )").value().agent.run.contract,
              Contract::script);
    EXPECT_FALSE(read_json("external", R"("run": {"contract": "choria", "command": ["p", "-v"]}, )"));
    EXPECT_FALSE(read_json("external", R"("run": {"contract": "choria", "standby": 1}, )"));
    const Agent agent = read_json("external", "").value().agent;
    EXPECT_EQ(read_text(canonical_json(agent), Format::json, "p.json").value().agent.run.contract,
              Contract::choria);
}

}  // namespace
}  // namespace hocket::ddl
