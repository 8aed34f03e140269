#include "core/ddl/script.h"

#include <gtest/gtest.h>

#include "core/ddl/run_reader.h"
#include "core/ddl/writer.h"
#include "tests/core/ddl/ddl_text.h"

namespace hocket::ddl {
namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// An agent of contract `script` with further keys of `run` and of its action, whose inputs are path, size (integer), fast
/// (boolean), files (array) and token (sensitive), and whose outputs are given.
std::string script_agent(const std::string& run_keys, const std::string& action_keys,
                         const std::string& outputs) {
    std::string text = yaml_agent(
        "path: {prompt: p, description: d, type: string, maxlength: 9}\n"
        "size: {prompt: p, description: d, type: integer, optional: true}\n"
        "fast: {prompt: p, description: d, type: boolean, optional: true}\n"
        "files: {prompt: p, description: d, type: array, optional: true}\n"
        "token: {prompt: p, description: d, type: string, maxlength: 9, optional: true, sensitive: true}",
        outputs, action_keys);
    const std::string from = "run: {}";
    return text.replace(text.find(from), from.size(), "run: {contract: script" + run_keys + "}");
}

Script script_of(const std::string& run_keys, const std::string& action_keys,
                 const std::string& outputs = "") {
    const Agent agent = load_yaml(script_agent(run_keys, action_keys, outputs)).agent;
    return agent.script_of(agent.actions[0]);
}

std::string refusal(const std::string& run_keys, const std::string& action_keys,
                    const std::string& outputs = "") {
    return refusal_of_yaml(script_agent(run_keys, action_keys, outputs));
}

TEST(Script, HasDefaults) {
    const Script script = script_of("", "");
    EXPECT_EQ(script.command, std::vector<std::string>{"sample"});
    EXPECT_EQ(script.standard_input, "");
    EXPECT_EQ(script.result, ResultFormat::text);
    EXPECT_EQ(script.exit_codes->of(0), ExitMeaning::ok);
    EXPECT_EQ(script.exit_codes->of(7), ExitMeaning::failed);
}

TEST(Script, AnActionsKeysWinOverThoseOfRun) {
    const std::string run = ", command: [a.sh], stdin: json, result: lines, exit_codes: {3: changed}";
    const Script of_run = script_of(run, "");
    EXPECT_EQ(of_run.command, std::vector<std::string>{"a.sh"});
    EXPECT_EQ(of_run.standard_input, "json");
    EXPECT_EQ(*of_run.result, ResultFormat::lines);
    EXPECT_EQ(of_run.exit_codes->of(3), ExitMeaning::changed);
    EXPECT_EQ(of_run.exit_codes->of(0), ExitMeaning::ok);

    const Script own = script_of(run,
                                 "command: [b.sh, '{path}']\nstdin: '{token}'\nresult: json\n"
                                 "exit_codes: {0: unchanged, other: ok}");
    EXPECT_EQ(own.command, (std::vector<std::string>{"b.sh", "{path}"}));
    EXPECT_EQ(own.standard_input, "{token}");
    EXPECT_EQ(*own.result, ResultFormat::json);
    EXPECT_EQ(own.exit_codes->of(0), ExitMeaning::unchanged);
    EXPECT_EQ(own.exit_codes->of(3), ExitMeaning::ok);
}

TEST(Script, APatternMayStandInTheActionAndItsResultInRun) {
    const Script script =
        script_of(", result: regex", "pattern: '(?P<n>[0-9]+)'", "n: {description: d, display_as: N}");
    EXPECT_EQ(script.result, ResultFormat::regex);
    EXPECT_EQ(script.pattern, "(?P<n>[0-9]+)");
    EXPECT_EQ(script_of(", result: regex, pattern: '(?P<n>x)'", "result: lines").result, ResultFormat::lines);
    EXPECT_EQ(
        script_of(", pattern: '(?P<n>x)'", "result: regex", "n: {description: d, display_as: N}").pattern,
        "(?P<n>x)");
}

TEST(Script, IsInTheCanonicalForm) {
    const std::string text = script_agent(", result: lines",
                                          "command: [b.sh]\nresult: regex\npattern: '(?P<n>[0-9]+)'\n"
                                          "exit_codes: {2: changed}",
                                          "n: {description: d, display_as: N, type: integer}");
    const Agent agent = load_yaml(text).agent;
    const std::string canonical = canonical_json(agent);
    EXPECT_TRUE(contains(canonical, R"("exit_codes":{"0":"ok","2":"changed"})")) << canonical;
    EXPECT_TRUE(contains(canonical, R"("run":{"contract":"script","result":"lines"})")) << canonical;
    EXPECT_EQ(load_json(canonical).agent, agent);
}

struct Refused {
    const char* run;
    const char* action;
    const char* outputs;
    const char* message;
};
void PrintTo(const Refused& refused, std::ostream* out) {
    *out << refused.run << refused.action;
}

class RefusedScript : public testing::TestWithParam<Refused> {};

TEST_P(RefusedScript, SaysWhy) {
    const std::string problems = refusal(GetParam().run, GetParam().action, GetParam().outputs);
    EXPECT_TRUE(contains(problems, GetParam().message)) << problems;
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedScript,
    testing::Values(
        Refused{"", "command: [a, '{pth}']", "", "'command' has a place for 'pth', which is not an input"},
        Refused{"", "command: [a, '{pth}']", "", "did you mean 'path'?"},
        Refused{", command: [a, '{pth}']", "", "", "which is not an input"},
        Refused{"", "command: [a, '{path']", "", "a brace without its partner"},
        Refused{"", "command: ['{path}']", "", "no input may choose the executable"},
        Refused{"", "command: [../a]", "", "leaves the agent's folder"},
        Refused{"", "command: [a, '{token}']", "", "which is sensitive"},
        Refused{"", "command: [a, '{size?-s}']", "", "is for booleans; it is of type integer"},
        Refused{"", "command: [a, '{path...}']", "", "is for arrays; it is of type string"},
        Refused{"", "command: [a, '{noop?-n}']", "", "is for actions that declare noop"},
        Refused{"", "noop: true\ncommand: [a, '{noop}']", "", "write {noop?--dry-run}"},
        Refused{"", "command: [a, '{action?-n}']", "", "write {action}"},
        Refused{"", "stdin: all", "", "'stdin' is 'json' or the place of one input"},
        Refused{"", "stdin: '{pth}'", "", "'stdin' is the place of 'pth', which is not an input"},
        Refused{"", "result: xml", "", "must be one of text, lines, json, regex"},
        Refused{"", "result: regex", "", "the result 'regex' needs a 'pattern'"},
        Refused{"", "pattern: x", "", "'pattern' is for the result 'regex'"},
        Refused{", pattern: '(?P<n>x)'", "", "", "run: 'pattern' is for the result 'regex'"},
        Refused{", pattern: '(?P<n>x)', result: text", "", "", "run: 'pattern' is for the result 'regex'"},
        Refused{"", "result: regex\npattern: '('", "", "is not valid RE2"},
        Refused{"", "result: regex\npattern: 'x'", "", "has no named group"},
        Refused{"", "result: regex\npattern: '(?P<n>x)'", "", "the group 'n' is not an output"},
        Refused{"", "result: regex\npattern: '(?P<n>x)'", "m: {description: d, display_as: M}",
                "nothing gives the output 'm': the groups of 'pattern' are n"},
        Refused{"", "", "output: {description: d, display_as: M}",
                "the result 'text' has stdout, stderr and exitcode"},
        Refused{"", "result: lines", "stdout: {description: d, display_as: M}",
                "the result 'lines' has lines, stderr and exitcode"},
        Refused{"", "exit_codes: {256: ok}", "", "is neither an exit code"},
        Refused{"", "exit_codes: {1: ok, 01: failed}", "", "is neither an exit code"},
        Refused{"", "exit_codes: {x: ok}", "", "is neither an exit code"},
        Refused{"", "exit_codes: {1: good}", "", "must be one of ok, changed, unchanged, failed"},
        Refused{", reply: on_close", "", "", "no meaning under the contract 'script'"}));

TEST(Script, WarnsOfANoopThatTheProgramIsNotTold) {
    const auto warnings = [](const std::string& keys) {
        return warnings_of(load_yaml(script_agent("", keys, "")));
    };
    EXPECT_TRUE(
        contains(warnings("noop: true"), "unless the program heeds HOCKET_NOOP it does the real thing"));
    EXPECT_EQ(warnings("noop: true\ncommand: [a, '{noop?-n}']"), "");
    EXPECT_EQ(warnings("noop: false"), "");
    EXPECT_EQ(warnings("noop: true\nsafety: read_only"), "");
}

TEST(Script, APlaceWithoutQuotesIsToldFromAnObject) {
    const std::string problems = refusal("", "command: [m.sh, {path}]");
    EXPECT_TRUE(contains(problems, "a place for an input stands in quotes: \"{path}\"")) << problems;
}

TEST(Script, AProblemStandsWhereItWasWritten) {
    const std::string run = ", command: [a, '{pth}']";
    const std::string text = script_agent(run, "", "");
    const auto line =
        std::count(text.begin(), text.begin() + static_cast<long>(text.find("'{pth}'")), '\n') + 1;
    EXPECT_TRUE(contains(refusal(run, ""), ":" + std::to_string(line) + ":")) << refusal(run, "");
}

TEST(Script, EveryProblemOfACommandIsTold) {
    const std::string problems = refusal("", "command: [a, '{path', '{sise}', 'b}', '{noop?-n}', '{noop}']");
    EXPECT_TRUE(contains(problems, "\"{path\": a brace")) << problems;
    EXPECT_TRUE(contains(problems, "\"b}\": a brace")) << problems;
    EXPECT_TRUE(contains(problems, "a place for 'sise'")) << problems;
}

TEST(Script, OthersAreToldOfNoopByTheirContract) {
    EXPECT_TRUE(is_told_of_noop(Contract::json, {"a.sh"}));
    EXPECT_TRUE(is_told_of_noop(Contract::bolt, {"a.sh"}));
    EXPECT_FALSE(is_told_of_noop(Contract::script, {"a.sh"}));
    EXPECT_FALSE(is_told_of_noop(Contract::nagios, {"a.sh", "{path}"}));
    EXPECT_TRUE(is_told_of_noop(Contract::nagios, {"a.sh", "{noop?-n}"}));
}

TEST(Script, ItsKeysAreForNoOtherContract) {
    EXPECT_TRUE(contains(refusal_of_yaml(yaml_agent("", "", "command: [a]")),
                         "'command' of action 'act' has no meaning under the contract 'json'"));
    EXPECT_TRUE(contains(refusal_of_yaml(yaml_agent("", "", "result: json")),
                         "'result' of action 'act' has no meaning under the contract 'json'"));
}

}  // namespace
}  // namespace hocket::ddl
