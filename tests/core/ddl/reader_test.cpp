#include "core/ddl/reader.h"

#include <gtest/gtest.h>

#include "tests/core/ddl/ddl_text.h"

namespace hocket::ddl {
namespace {

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(Reader, ReadsTheMetadata) {
    const Metadata metadata = load_yaml(yaml_agent("")).agent.metadata;
    EXPECT_EQ(metadata.name, "sample");
    EXPECT_EQ(metadata.version, "1.0.0");
    EXPECT_EQ(metadata.timeout_s, 10);
    EXPECT_EQ(metadata.at.line, 2U);
    EXPECT_EQ(metadata.at.column, 9U);
}

TEST(Reader, ReadsEveryKeyOfAnInput) {
    const Input input =
        input_of("string", ", optional: true, sensitive: true, validation: shellsafe, maxlength: 12");
    EXPECT_EQ(input.name, "x");
    EXPECT_EQ(input.prompt, "p");
    EXPECT_EQ(input.description, "d");
    EXPECT_EQ(input.type, Type::string);
    EXPECT_TRUE(input.optional);
    EXPECT_TRUE(input.sensitive);
    EXPECT_EQ(input.validation.validator(), Validator::shellsafe);
    EXPECT_EQ(input.maxlength, 12U);
    EXPECT_EQ(input.at.line, 14U);
    EXPECT_EQ(input.at.column, 7U);
}

TEST(Reader, TakesAnInputForRequiredUnlessItSaysOptional) {
    EXPECT_FALSE(input_of("integer").optional);
}

class TypeWord : public testing::TestWithParam<std::string_view> {};

TEST_P(TypeWord, IsReadForInputAndOutput) {
    const std::string word(GetParam());
    EXPECT_EQ(to_string(input_of(word).type), GetParam());
    const Action action = action_with("", "y: {description: d, display_as: Y, type: " + word + "}");
    EXPECT_EQ(to_string(action.outputs.at(0).type.value()), GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, TypeWord,
                         testing::Values("integer", "float", "number", "boolean", "array", "hash"));

TEST(Reader, ReadsTheValuesOfAList) {
    const Input input = input_of("list", ", list: [small, 2, 2.5, true]");
    EXPECT_EQ(input.list, (std::vector<Json>{"small", 2, 2.5, true}));
}

TEST(Reader, ReadsEveryKeyOfAnAction) {
    const Action action =
        load_yaml(
            yaml_agent("", "used: {description: d, display_as: U}",
                       "display: always\nsafety: destructive\nnoop: true\nidempotent: true\ntimeout: 3\n"
                       "aggregate:\n- {function: summary, args: [used, {format: '%d'}]}"))
            .agent.actions.at(0);
    EXPECT_EQ(action.display, Display::always);
    EXPECT_EQ(action.safety, Safety::destructive);
    EXPECT_TRUE(action.noop);
    EXPECT_TRUE(action.idempotent);
    EXPECT_EQ(action.timeout_s, 3);
    EXPECT_EQ(action.aggregates.at(0).function, "summary");
    EXPECT_EQ(action.aggregates.at(0).args, (Json{"used", {{"format", "%d"}}}));
}

TEST(Reader, GivesAnActionItsDefaults) {
    const Agent agent = load_yaml(yaml_agent("")).agent;
    const Action& action = agent.actions.at(0);
    EXPECT_EQ(action.display, Display::failed);
    EXPECT_EQ(action.safety, Safety::changes);
    EXPECT_FALSE(action.noop);
    EXPECT_FALSE(action.idempotent);
    EXPECT_EQ(agent.timeout_s(action), 10);
}

std::string agent_with_run(const std::string& run) {
    std::string text = yaml_agent("");
    return text.replace(text.find("run: {}"), 7, "run: " + run);
}

TEST(Reader, ReadsEveryKeyOfRun) {
    const Agent agent =
        load_yaml(agent_with_run(
                      "{command: [bin/sample, --fast], contract: json, max_parallel: 4, max_output: 65536, "
                      "grace: 3, orphans: keep, reply: on_close, send_stderr: false}"))
            .agent;
    EXPECT_TRUE(agent.has_run);
    EXPECT_EQ(agent.run.command, (std::vector<std::string>{"bin/sample", "--fast"}));
    EXPECT_EQ(agent.run.max_parallel, 4);
    EXPECT_EQ(agent.run.max_output_bytes, 65536);
    EXPECT_EQ(agent.run.grace_s, 3);
    EXPECT_EQ(agent.run.orphans, Orphans::keep);
    EXPECT_EQ(agent.run.reply, ReplyWhen::on_close);
    EXPECT_FALSE(agent.run.send_stderr);
}

TEST(Reader, RunsTheFileNamedLikeTheAgentByDefault) {
    EXPECT_EQ(load_yaml(yaml_agent("")).agent.run.command, std::vector<std::string>{"sample"});
    const Agent choria = load_json(choria_agent("")).agent;
    EXPECT_EQ(choria.run.command, std::vector<std::string>{"sample"});
    EXPECT_FALSE(choria.has_run);
}

TEST(Reader, OrdersActionsAndFieldsByName) {
    const Action action = action_with(
        "b: {prompt: p, description: d, type: boolean}\n"
        "A: {prompt: p, description: d, type: boolean}");
    EXPECT_EQ(action.inputs.at(0).name, "A");
    EXPECT_EQ(action.inputs.at(1).name, "b");
}

TEST(Reader, TakesADefaultInTheTypeOfItsInput) {
    EXPECT_TRUE(input_of("float", ", default: 1").default_value->is_number_float());
    EXPECT_TRUE(input_of("integer", ", default: 1.0").default_value->is_number_integer());
    EXPECT_EQ(input_of("hash", ", default: {a: [1]}").default_value, (Json{{"a", {1}}}));
}

TEST(Reader, CollectsAllProblems) {
    const std::string problems = refusal_of_yaml(
        yaml_agent("x: {prompt: p, type: strin}\ny: {description: d, type: list}", "", "safety: maybe"));
    EXPECT_TRUE(contains(problems, "input 'x' of action 'act' lacks 'description'"));
    EXPECT_TRUE(contains(problems, "unknown type 'strin'"));
    EXPECT_TRUE(contains(problems, "input 'y' of action 'act' lacks 'prompt'"));
    EXPECT_TRUE(contains(problems, "input 'y' of action 'act' lacks 'list'"));
    EXPECT_TRUE(
        contains(problems, "'safety' of action 'act' must be one of read_only, changes, destructive"));
}

TEST(Reader, StopsListingProblemsWithoutEnd) {
    std::string inputs;
    for (int i = 0; i < 300; ++i)
        inputs += "x" + std::to_string(i) + ": 1\n";
    EXPECT_TRUE(contains(refusal_of_yaml(yaml_agent(inputs)), "200 more errors, not shown"));
}

struct Refused {
    const char* inputs;
    const char* message;
};

class RefusedInput : public testing::TestWithParam<Refused> {};

TEST_P(RefusedInput, SaysWhy) {
    const std::string problems = refusal_of_yaml(yaml_agent(GetParam().inputs));
    EXPECT_TRUE(contains(problems, GetParam().message)) << problems;
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedInput,
    testing::Values(
        Refused{"x: {prompt: p, description: d, type: thing}",
                "unknown type 'thing' of input 'x' of action 'act'"},
        Refused{"x: {prompt: p, description: d}", "lacks 'type'"},
        Refused{"x: {prompt: p, description: d, type: String, maxlength: 1}", "did you mean 'string'?"},
        Refused{"x: {prompt: p, description: d, type: integer, optional: yes}", "must be true or false"},
        Refused{"x: {prompt: p, description: d, type: integer, sensitve: true}", "did you mean 'sensitive'?"},
        Refused{"x: {prompt: 5, description: d, type: integer}", "write it in quotes: \"5\""},
        Refused{"x: {prompt: p, description: d, type: string, maxlength: -1}", "must be from 0 to"},
        Refused{"x: {prompt: p, description: d, type: string, maxlength: 1.5}", "must be an integer"},
        Refused{"x: {prompt: p, description: d, type: string, maxlength: 9, validation: 5}",
                "must be a string"},
        Refused{"x: {prompt: p, description: d, type: string, maxlength: 9, validation: 'a(b'}", "missing )"},
        Refused{"x: {prompt: p, description: d, type: string, maxlength: 9, validation: 'a++'}",
                "possessive"},
        Refused{"x: {prompt: p, description: d, type: list, list: []}", "is empty"},
        Refused{"x: {prompt: p, description: d, type: list, list: [[1]]}", "strings, numbers and booleans"},
        Refused{"x: {prompt: p, description: d, type: list, list: small}", "must be an array"},
        Refused{"x: {prompt: p, description: d, type: list, list: [a, b], default: c}",
                "one of the list a, b"},
        Refused{"x: {prompt: p, description: d, type: list, list: [1], default: '1'}", "one of the list 1"},
        Refused{"x: {prompt: p, description: d, type: string, maxlength: 3, default: four}", "maxlength 3"},
        Refused{
            "x: {prompt: p, description: d, type: string, maxlength: 9, validation: '^\\d+$', default: a}",
            "breaks validation"},
        Refused{"x: {prompt: p, description: d, type: string, maxlength: 9, default: 5}",
                "must be of type string"},
        Refused{"x: {prompt: p, description: d, type: integer, default: 1.5}", "must be of type integer"},
        Refused{"x: {prompt: p, description: d, type: integer, default: 9223372036854775808}",
                "within int64"},
        Refused{"x: {prompt: p, description: d, type: boolean, default: 'true'}", "must be of type boolean"},
        Refused{"x: {prompt: p, description: d, type: string, maxlength: 9, sensitive: true, default: a}",
                "is sensitive and has a default"},
        Refused{"'a-b': {prompt: p, description: d, type: integer}", "breaks the grammar of names"},
        Refused{"'': {prompt: p, description: d, type: integer}", "breaks the grammar of names"},
        Refused{
            "x: {prompt: p, description: d, type: integer}\nX: {prompt: p, description: d, type: integer}",
            "is 'x' ignoring case, and that is declared too"},
        Refused{"x: 5", "must be an object, not the number 5"}));

TEST(Reader, TellsWhereTheBoundsOfANumberStand) {
    const std::string problems =
        refusal_of_yaml(yaml_agent("x: {prompt: p, description: d, type: integer, min: 1}"));
    EXPECT_TRUE(contains(problems, "unknown key 'min' in input 'x'")) << problems;
    EXPECT_TRUE(contains(problems, "bounds are written as puppet_type: 'Integer[1, 10]'")) << problems;
}

TEST(Reader, WarnsOfAnAggregateThatNeverHasAValue) {
    const auto warnings = [](const std::string& function, const std::string& type) {
        return warnings_of(load_yaml(yaml_agent("", "o: {description: d, display_as: D, type: " + type + "}",
                                                "aggregate: [{function: " + function + ", args: [o]}]")));
    };
    EXPECT_TRUE(contains(warnings("average", "boolean"),
                         "never has a value: average is for numbers, and the output 'o' is of type boolean"));
    EXPECT_TRUE(contains(warnings("percentiles", "hash"), "aggregate_output"));
    EXPECT_FALSE(contains(warnings("summary", "boolean"), "never has a value"));
    EXPECT_FALSE(contains(warnings("average", "integer"), "never has a value"));
}

struct Changed {
    const char* from;
    const char* to;
    const char* message;
};

class RefusedAgent : public testing::TestWithParam<Changed> {};

TEST_P(RefusedAgent, SaysWhy) {
    std::string text = yaml_agent("");
    const std::string from = GetParam().from;
    ASSERT_TRUE(contains(text, from));
    const std::string problems = refusal_of_yaml(text.replace(text.find(from), from.size(), GetParam().to));
    EXPECT_TRUE(contains(problems, GetParam().message)) << problems;
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedAgent,
    testing::Values(
        Changed{"name: sample", "name: Sample", "\"Sample\" is not a name"},
        Changed{"name: sample", "name: \"\"", "\"\" is not a name"},
        Changed{"name: sample", "name: sam/ple", "is not a name"},
        Changed{"  name: sample\n", "", "metadata lacks 'name'"},
        Changed{"  license: Apache-2.0\n", "", "metadata lacks 'license'"},
        Changed{"version: \"1.0.0\"", "version: 1.0", "write it in quotes: \"1.0\""},
        Changed{"timeout: 10", "timeout: 0", "must be from 1 to"},
        Changed{"timeout: 10", "timeout: 86401", "must be from 1 to 86400, not the number 86401"},
        Changed{"timeout: 10", "timeout: soon", "must be an integer, not the string \"soon\""},
        Changed{"timeout: 10", "timeout: 1e400", "out of range"},
        Changed{"timeout: 10", "timout: 10", "did you mean 'timeout'?"},
        Changed{"metadata:", "metdata:", "did you mean 'metadata'?"},
        Changed{"action: act", "action: Act", "\"Act\" is not a name"},
        Changed{"action: act", "action: ", "an action lacks 'action'"},
        Changed{"action: act", "action: act\n    description: First\n  - action: act",
                "action 'act' is declared twice"},
        Changed{"description: Acts", "description: Acts\n    timeout: 0",
                "'timeout' of action 'act' must be from 1"},
        Changed{"description: Acts", "description: Acts\n    display: sometimes",
                "one of ok, failed, always"},
        Changed{"description: Acts", "description: Acts\n    aggregate: [{function: summary, args: [nope]}]",
                "the output 'nope', which is not declared"},
        Changed{"description: Acts", "description: Acts\n    aggregate: [{function: summary}]",
                "lacks 'args'"},
        Changed{"run: {}", "run: {contract: bolt, command: [x]}",
                "'command' of run has no meaning under the contract 'bolt'"},
        Changed{"run: {}", "run: {contract: 5}", "must be a string"},
        Changed{"run: {}", "run: {contract: jsn}", "did you mean 'json'?"},
        Changed{"run: {}", "run: {standby: 65}", "must be from 0 to 64"},
        Changed{"run: {}", "run: {worker: {}}", "'worker' of run has no meaning under the contract 'json'"},
        Changed{"run: {}", "run: {contract: worker, standby: 2}", "no meaning under the contract 'worker'"},
        Changed{"run: {}", "run: {contract: worker, orphans: keep}",
                "no meaning under the contract 'worker'"},
        Changed{"run: {}", "run: {contract: script, standby: 2}", "no meaning under the contract 'script'"},
        Changed{"run: {}", "run: {contract: worker, worker: {in_flite: 2}}",
                "unknown key 'in_flite' in 'worker' of run"},
        Changed{"run: {}", "run: {contract: worker, worker: {processes: 0}}", "must be from 1 to 1000"},
        Changed{"run: {}", "run: {contract: worker, worker: {memory: 5}}", "must be from 1048576 to"},
        Changed{"run: {}", "run: {exclusive: ''}", "must be the name of a lock"},
        Changed{"run: {}", "run: {exclusive: 'A b'}", "must be the name of a lock"},
        Changed{"description: Acts", "description: Acts\n    exclusive: 5", "must be a string"},
        Changed{"run: {}", "run: {max_parallel: 0}", "must be from 1 to"},
        Changed{"run: {}", "run: {grace: -1}", "must be from 0 to"},
        Changed{"run: {}", "run: {command: []}", "must begin with an executable"},
        Changed{"run: {}", "run: {command: ['']}", "must begin with an executable"},
        Changed{"run: {}", "run: {command: [../other/agent]}", "leaves the agent's folder"},
        Changed{"run: {}", "run: {command: [sh, 5]}", "may hold strings"},
        Changed{"run: {}", "run: {command: sample}", "'command' of run must be an array"}));

TEST(Reader, RefusesATopThatIsNoObject) {
    EXPECT_TRUE(contains(refusal_of_json("[]"), "a DDL must be an object, not an array"));
    EXPECT_TRUE(contains(refusal_of_yaml("text"), "a DDL must be an object, not the string \"text\""));
}

TEST(Reader, RefusesBytesThatAreNotText) {
    EXPECT_TRUE(contains(refusal_of_json("\xEF\xBB\xBF{}"), "starts with a byte order mark"));
    EXPECT_TRUE(contains(refusal_of_yaml("a: \xC3("), "sample:1:4: error: not UTF-8"));
    EXPECT_TRUE(contains(refusal_of_json(std::string("{}\n\0{", 5)), "sample:2:1: error: a NUL byte"));
    EXPECT_TRUE(contains(refusal_of_json(std::string((1U << 20U) + 1, ' ')), "the limit is 1048576"));
}

TEST(Reader, CutsWhatItQuotes) {
    const std::string name(100'000, 'x');
    EXPECT_LT(refusal_of_yaml(yaml_agent("? " + name + "\n: 5")).size(), 5000U);
}

TEST(Reader, EscapesWhatComesFromTheSource) {
    const std::string problems = refusal_of_json(R"({"a\u001b[31m": 1})");
    EXPECT_EQ(problems.find('\x1B'), std::string::npos);
}

TEST(Reader, KnowsItsFormatsByTheFileName) {
    EXPECT_EQ(format_of("/a/b.json"), Format::json);
    EXPECT_EQ(format_of("b.yaml"), Format::yaml);
    EXPECT_EQ(format_of("b.yml"), Format::yaml);
    EXPECT_EQ(format_of("b.ddl"), std::nullopt);
}

TEST(Reader, NamesTheFileThatItCannotRead) {
    EXPECT_EQ(read_file("/nowhere/agent.json").error().code, ErrorCode::io);
    EXPECT_EQ(read_file("/nowhere/agent.ddl").error().code, ErrorCode::invalid_ddl);
}

}  // namespace
}  // namespace hocket::ddl
