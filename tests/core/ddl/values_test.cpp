#include "core/ddl/values.h"

#include <gtest/gtest.h>

#include "tests/core/ddl/ddl_text.h"

namespace hocket::ddl {
namespace {

constexpr const char* k_secret = "hunter2-the-secret";

Result<Json> check(const Action& action, const std::string& inputs) {
    return check_inputs(action, *parse_json_value(inputs), Defaults::apply);
}

/// The rules that the inputs break, in order: "type maxlength".
std::string rules(const Result<Json>& checked) {
    if (checked) return "";
    std::string words;
    for (const Violation& violation : checked.error().violations) {
        words += (words.empty() ? "" : " ") + violation.rule;
    }
    return words;
}

Action action_of(std::string_view type, std::string_view keys) {
    return action_with("x: {prompt: p, description: d, type: " + std::string(type) + std::string(keys) + "}");
}

struct Case {
    const char* type;
    const char* keys;
    const char* value;
    const char* broken;   ///< the rules, or empty
    const char* becomes;  ///< what a good value becomes; empty for itself
};

class InputValue : public testing::TestWithParam<Case> {};

TEST_P(InputValue, IsJudgedByItsType) {
    const Case& one = GetParam();
    const Result<Json> checked =
        check(action_of(one.type, one.keys), "{\"x\": " + std::string(one.value) + "}");
    EXPECT_EQ(rules(checked), one.broken) << one.type << one.keys << " of " << one.value;
    if (!checked) return;
    const std::string becomes = *one.becomes == '\0' ? one.value : one.becomes;
    EXPECT_EQ(dump_json((*checked)["x"]), becomes);
}

INSTANTIATE_TEST_SUITE_P(
    String, InputValue,
    testing::Values(
        Case{"string", ", maxlength: 4", "\"abcd\"", "", ""},
        Case{"string", ", maxlength: 4", "\"abcde\"", "maxlength", ""},
        Case{"string", ", maxlength: 4", "\"äöüß\"", "", ""},
        Case{"string", ", maxlength: 4", "\"äöüß😀\"", "maxlength", ""},
        Case{"string", ", maxlength: 0", "\"\"", "", ""},
        Case{"string", ", maxlength: 9, validation: '^.+$'", "\"\"", "validation", ""},
        Case{"string", ", maxlength: 9, validation: '^[a-z]+$'", "\"abc\\n\"", "validation", ""},
        Case{"string", ", maxlength: 2, validation: '^[a-z]+$'", "\"AB1\"", "maxlength validation", ""},
        Case{"string", ", maxlength: 9, validation: shellsafe", "\"a;b\"", "validation", ""},
        Case{"string", ", maxlength: 9, validation: shellsafe", "\"a\\u0000b\"", "validation", ""},
        Case{"string", ", maxlength: 9", "5", "type", ""},
        Case{"string", ", maxlength: 9", "null", "type", ""},
        Case{"string", ", maxlength: 9", "[\"a\"]", "type", ""}));

INSTANTIATE_TEST_SUITE_P(
    Integer, InputValue,
    testing::Values(Case{"integer", "", "0", "", ""}, Case{"integer", "", "-7", "", ""},
                    Case{"integer", "", "3.0", "", "3"}, Case{"integer", "", "3.5", "type", ""},
                    Case{"integer", "", "9223372036854775807", "", ""},
                    Case{"integer", "", "-9223372036854775808", "", ""},
                    Case{"integer", "", "9223372036854775808", "range", ""},
                    Case{"integer", "", "-9223372036854775809", "range", ""},
                    Case{"integer", "", "-92233720368547758090", "range", ""},
                    Case{"integer", "", "1e300", "range", ""}, Case{"integer", "", "1e3", "", "1000"},
                    Case{"integer", "", "\"3\"", "type", ""}, Case{"integer", "", "true", "type", ""},
                    Case{"integer", "", "null", "type", ""}));

INSTANTIATE_TEST_SUITE_P(
    FloatAndNumber, InputValue,
    testing::Values(Case{"float", "", "1.5", "", ""}, Case{"float", "", "1", "", "1.0"},
                    Case{"float", "", "9007199254740993", "type", ""},
                    Case{"float", "", "9223372036854775807", "type", ""},
                    Case{"float", "", "-9223372036854775808", "", "-9.223372036854776e+18"},
                    Case{"float", "", "\"1.5\"", "type", ""}, Case{"float", "", "false", "type", ""},
                    Case{"number", "", "1", "", ""}, Case{"number", "", "1.5", "", ""},
                    Case{"number", "", "1e300", "", "1e+300"}, Case{"number", "", "\"1\"", "type", ""}));

INSTANTIATE_TEST_SUITE_P(Boolean, InputValue,
                         testing::Values(Case{"boolean", "", "true", "", ""},
                                         Case{"boolean", "", "false", "", ""},
                                         Case{"boolean", "", "1", "type", ""},
                                         Case{"boolean", "", "\"true\"", "type", ""},
                                         Case{"boolean", "", "null", "type", ""}));

INSTANTIATE_TEST_SUITE_P(List, InputValue,
                         testing::Values(Case{"list", ", list: [a, 1, 2.5, true]", "\"a\"", "", ""},
                                         Case{"list", ", list: [a, 1, 2.5, true]", "1", "", ""},
                                         Case{"list", ", list: [a, 1, 2.5, true]", "2.5", "", ""},
                                         Case{"list", ", list: [a, 1, 2.5, true]", "true", "", ""},
                                         Case{"list", ", list: [a, 1, 2.5, true]", "\"1\"", "list", ""},
                                         Case{"list", ", list: [a, 1, 2.5, true]", "1.0", "list", ""},
                                         Case{"list", ", list: [a, 1, 2.5, true]", "\"A\"", "list", ""},
                                         Case{"list", ", list: [a, 1, 2.5, true]", "\"a\\n\"", "list", ""},
                                         Case{"list", ", list: [a, 1, 2.5, true]", "[\"a\"]", "type", ""},
                                         Case{"list", ", list: [a, 1, 2.5, true]", "null", "list", ""}));

INSTANTIATE_TEST_SUITE_P(
    Structures, InputValue,
    testing::Values(Case{"array", "", "[1,\"a\",null]", "", ""}, Case{"array", "", "[]", "", ""},
                    Case{"array", "", "{}", "type", ""}, Case{"array", "", "\"[]\"", "type", ""},
                    Case{"hash", "", "{\"a\":{\"b\":1}}", "", ""}, Case{"hash", "", "[]", "type", ""},
                    Case{"hash", "", "\"{}\"", "type", ""}, Case{"hash", "", "null", "type", ""}));

TEST(CheckInputs, NamesFieldRuleAndValue) {
    const Error error = check(action_of("string", ", maxlength: 3"), R"({"x": "four\u001b"})").error();
    EXPECT_EQ(error.code, ErrorCode::invalid_input);
    const Violation expected{"/inputs/x", "maxlength", "input 'x' is longer than maxlength 3: \"four\\x1b\""};
    EXPECT_EQ(error.violations, std::vector<Violation>{expected});
    EXPECT_EQ(error.message, expected.message);
}

TEST(CheckInputs, SaysThatALargerIntegerDoesNotFit) {
    const Error error = check(action_of("integer", ""), R"({"x": 9223372036854775808})").error();
    EXPECT_NE(error.message.find("must lie within int64, -9223372036854775808 to 9223372036854775807"),
              std::string::npos);
}

TEST(CheckInputs, TakesUnsignedIntegersOfAProgram) {
    const Action action = action_of("integer", "");
    EXPECT_TRUE((*check_inputs(action, {{"x", 5U}}, Defaults::apply))["x"].is_number_integer());
    EXPECT_EQ(rules(check_inputs(action, {{"x", UINT64_MAX}}, Defaults::apply)), "range");
}

TEST(CheckInputs, RefusesStringsThatAreNotUtf8) {
    const Result<Json> checked =
        check_inputs(action_of("string", ", maxlength: 9"), {{"x", "\xFF"}}, Defaults::apply);
    EXPECT_EQ(rules(checked), "type");
}

TEST(CheckInputs, RefusesNumbersThatAreNotFinite) {
    const Json inputs = {{"x", std::numeric_limits<double>::quiet_NaN()}};
    EXPECT_EQ(rules(check_inputs(action_of("float", ""), inputs, Defaults::apply)), "type");
    EXPECT_EQ(rules(check_inputs(action_of("number", ""), inputs, Defaults::apply)), "type");
    EXPECT_EQ(rules(check_inputs(action_of("integer", ""), inputs, Defaults::apply)), "type");
}

TEST(CheckInputs, ReportsEveryViolation) {
    const Action action = action_with(
        "a: {prompt: p, description: d, type: integer}\n"
        "b: {prompt: p, description: d, type: boolean}\n"
        "c: {prompt: p, description: d, type: string, maxlength: 1}");
    EXPECT_EQ(rules(check(action, R"({"a": "x", "c": "long", "d": 1})")),
              "type required maxlength undeclared");
}

TEST(CheckInputs, AsksForRequiredInputs) {
    const Error error = check(action_of("integer", ""), "{}").error();
    EXPECT_EQ(error.violations.at(0), (Violation{"/inputs/x", "required", "input 'x' is required"}));
}

TEST(CheckInputs, LetsOptionalInputsBeAbsent) {
    EXPECT_EQ(*check(action_of("integer", ", optional: true"), "{}"), Json::object());
}

TEST(CheckInputs, AppliesDefaultsOnTheNode) {
    EXPECT_EQ(*check(action_of("integer", ", default: 7"), "{}"), (Json{{"x", 7}}));
    EXPECT_EQ(*check(action_of("integer", ", default: 7, optional: true"), "{}"), (Json{{"x", 7}}));
    EXPECT_EQ(*check(action_of("integer", ", default: 7"), R"({"x": 8})"), (Json{{"x", 8}}));
}

TEST(CheckInputs, LeavesDefaultsToTheNode) {
    const Action action = action_of("integer", ", default: 7");
    EXPECT_EQ(*check_inputs(action, Json::object(), Defaults::leave), Json::object());
}

TEST(CheckInputs, HintsAtTheNameThatWasMeant) {
    const Action action = action_with("path: {prompt: p, description: d, type: integer, optional: true}");
    const Error error = check(action, R"({"Path": 1})").error();
    EXPECT_EQ(error.message, "input \"Path\" is not declared by action 'act'; did you mean 'path'?");
}

TEST(CheckInputs, EscapesPointersAndCutsNames) {
    const Action action = action_with("");
    const Error slashes = check(action, R"({"a/b~c": 1})").error();
    EXPECT_EQ(slashes.violations.at(0).pointer, "/inputs/a~1b~0c");
    const Error large = check(action, "{\"" + std::string(100'000, 'x') + "\": 1}").error();
    EXPECT_LT(large.message.size(), 300U);
    EXPECT_LT(large.violations.at(0).pointer.size(), 100U);
}

TEST(CheckInputs, BoundsWhatItSaysAboutUndeclaredInputs) {
    Json inputs = Json::object();
    for (int i = 0; i < 1000; ++i)
        inputs["n" + std::to_string(i)] = 1;
    const Result<Json> checked = check_inputs(action_with(""), inputs, Defaults::apply);
    EXPECT_EQ(checked.error().violations.size(), 100U);
    EXPECT_NE(checked.error().message.find("; and 95 more"), std::string::npos);
}

TEST(CheckInputs, WantsAnObject) {
    EXPECT_EQ(rules(check_inputs(action_with(""), Json::array(), Defaults::apply)), "type");
    EXPECT_EQ(rules(check_inputs(action_with(""), nullptr, Defaults::apply)), "type");
}

std::string everything(const Error& error) {
    std::string text = error.message;
    for (const Violation& violation : error.violations) {
        text += violation.pointer + violation.rule + violation.message;
    }
    return text;
}

class SensitiveInput : public testing::TestWithParam<const char*> {};

TEST_P(SensitiveInput, IsNeverPrinted) {
    const Action action =
        action_with("x: {prompt: p, description: d, sensitive: true, type: " + std::string(GetParam()) + "}");
    for (const Json& value : {Json(k_secret), Json{k_secret}, Json{{k_secret, k_secret}}}) {
        const Result<Json> checked = check_inputs(action, {{"x", value}}, Defaults::apply);
        if (checked) continue;
        EXPECT_EQ(everything(checked.error()).find("hunter"), std::string::npos) << GetParam();
    }
}

INSTANTIATE_TEST_SUITE_P(All, SensitiveInput,
                         testing::Values("string, maxlength: 3",
                                         "string, maxlength: 99, validation: '^\\d+$'",
                                         "string, maxlength: 99, validation: shellsafe", "integer", "float",
                                         "number", "boolean", "list, list: [a, b]", "array", "hash"));

TEST(CheckInputs, SaysThatASensitiveValueIsWrongWithoutIt) {
    const Result<Json> checked =
        check(action_of("string", ", maxlength: 3, sensitive: true"), R"({"x": "four"})");
    EXPECT_EQ(checked.error().message, "input 'x' is longer than maxlength 3: ***");
}

TEST(CheckInputs, NeverPrintsTheValueOfAnUndeclaredInput) {
    const Result<Json> checked = check_inputs(action_with(""), {{"passwd", k_secret}}, Defaults::apply);
    EXPECT_EQ(everything(checked.error()).find("hunter"), std::string::npos);
}

constexpr std::string_view k_outputs =
    "n: {description: d, display_as: N, type: integer}\n"
    "s: {description: d, display_as: S, type: string, default: none}\n"
    "t: {description: d, display_as: T, type: string, sensitive: true}\n"
    "u: {description: d, display_as: U}";

OutputCheck check_data(const std::string& data) {
    return check_outputs(action_with("", k_outputs), *parse_json_value(data));
}

TEST(CheckOutputs, TakesWhatIsDeclared) {
    const OutputCheck check = check_data(R"({"n": 3.0, "s": "x", "u": [1]})");
    EXPECT_TRUE(check.violations.empty());
    EXPECT_TRUE(check.undeclared.empty());
    EXPECT_EQ(dump_json(check.data), R"({"n":3,"s":"x","u":[1]})");
}

TEST(CheckOutputs, FillsInDefaultsAndLetsOthersBeAbsent) {
    EXPECT_EQ(check_data("{}").data, (Json{{"s", "none"}}));
    EXPECT_EQ(check_data(R"({"s": null})").data, (Json{{"s", "none"}}));
}

TEST(CheckOutputs, TakesNullForNoValue) {
    EXPECT_TRUE(check_data(R"({"n": null})").violations.empty());
}

TEST(CheckOutputs, RefusesAnotherTypeAndShowsNoValueBesideASensitiveField) {
    const OutputCheck check = check_data(R"({"n": "many", "s": 5})");
    ASSERT_EQ(check.violations.size(), 2U);
    EXPECT_EQ(check.violations[0],
              (Violation{"/data/n", "type", "output 'n' must be of type integer, not ***"}));
    EXPECT_EQ(check.violations[1].pointer, "/data/s");
}

TEST(CheckOutputs, RefusesAnIntegerBeyondInt64) {
    EXPECT_EQ(check_data(R"({"n": 9223372036854775808})").violations.at(0).rule, "range");
}

TEST(CheckOutputs, LetsUndeclaredOutputsPassAndNamesThem) {
    const OutputCheck check = check_data(R"({"extra": 1, "n": 1})");
    EXPECT_TRUE(check.violations.empty());
    EXPECT_EQ(check.undeclared, std::vector<std::string>{"extra"});
    EXPECT_EQ(check.data["extra"], 1);
}

TEST(CheckOutputs, NeverPrintsASensitiveValue) {
    const OutputCheck check = check_data(R"({"t": ["hunter2"]})");
    EXPECT_EQ(check.violations.at(0).message, "output 't' must be of type string, not ***");
}

TEST(CheckOutputs, WantsAnObject) {
    EXPECT_EQ(check_data("[]").violations.at(0).pointer, "/data");
}

}  // namespace
}  // namespace hocket::ddl
