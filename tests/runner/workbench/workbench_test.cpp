#include "runner/workbench/workbench.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "runner/workbench/agent_check.h"
#include "runner/workbench/commands.h"
#include "runner/workbench/trace.h"
#include "tests/support/temporary_folder.h"

namespace hocket::workbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* k_metadata =
    "metadata: {name: tool, description: d, author: a, license: l, version: \"1.0.0\", url: u, timeout: "
    "10}\n";

std::size_t journals() {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(fs::temp_directory_path()))
        count += entry.path().filename().string().starts_with("hocket-agent-") ? 1U : 0U;
    return count;
}

class WorkbenchTest : public testing::Test {
protected:
    // Journals are counted, so the folder for temporary files is the test's alone.
    WorkbenchTest() { ::setenv("TMPDIR", folder_.path().c_str(), 1); }
    ~WorkbenchTest() override { ::unsetenv("TMPDIR"); }

    fs::path install(const std::string& ddl_end, const std::string& script) {
        folder_.write("tool/tool.yaml", k_metadata + ddl_end);
        folder_.write("tool/tool", "#!/bin/bash\n" + script + "\n", 0755);
        return folder_ / "tool";
    }

    Answer ask(const Question& question) {
        Result<std::unique_ptr<Workbench>> bench = Workbench::open(folder_ / "tool", log_);
        EXPECT_TRUE(bench) << bench.error().message;
        return (*bench)->ask(question);
    }

    test::TemporaryFolder folder_;
    std::string logged_;
    Log log_{LogLevel::warn, logged_};
};

constexpr const char* k_json_ddl =
    "run: {contract: json}\n"
    "actions: [{action: go, description: d, input: {n: {prompt: p, description: d, type: integer, optional: "
    "true},"
    " key: {prompt: p, description: d, type: string, maxlength: 9, optional: true, sensitive: true}}, "
    "output: {}}]\n";

TEST_F(WorkbenchTest, RunsAnActionAsANodeDoes) {
    install(
        k_json_ddl,
        R"(printf '{"statuscode":0,"data":{"n":%s},"changed":true}' "$HOCKET_INPUT_N" >&3; echo log >&2)");
    const std::size_t before = journals();
    const Answer answer = ask({"go", {{"n", 5}}});
    EXPECT_EQ(answer.result.outcome, Outcome::ok) << answer.result.statusmsg;
    EXPECT_EQ(answer.result.data, Json({{"n", 5}}));
    EXPECT_EQ(answer.result.changed, true);
    EXPECT_EQ(answer.trace.ended->errors.text, "log\n");
    EXPECT_EQ(journals(), before);
}

TEST_F(WorkbenchTest, RunsScripts) {
    install(
        "run: {contract: script}\nactions: [{action: go, description: d, command: [tool, '{action}'],"
        " output: {stdout: {description: d, display_as: D}}}]\n",
        "echo \"$1\"");
    EXPECT_EQ(ask({"go"}).result.data, Json({{"stdout", "go\n"}}));
}

TEST_F(WorkbenchTest, RefusesWhatANodeRefuses) {
    install(k_json_ddl, "echo ran >&2");
    EXPECT_EQ(ask({"gone"}).result.outcome, Outcome::unknown_action);
    EXPECT_EQ(ask({"go", {{"n", "five"}}}).result.outcome, Outcome::invalid);
    EXPECT_EQ(ask({"go", Json::object(), true}).result.outcome, Outcome::unsupported);
    EXPECT_FALSE(ask({"gone"}).trace.spec);
}

TEST_F(WorkbenchTest, KeepsTheDeadlineAndLeavesNothing) {
    install(k_json_ddl, "sleep 1000");
    const Answer answer = ask({"go", Json::object(), false, 200});
    EXPECT_EQ(answer.result.outcome, Outcome::timeout);
}

TEST_F(WorkbenchTest, SaysWhyAFolderIsNoAgent) {
    const auto error_of = [this](const std::string& name) {
        return Workbench::open(folder_ / name, log_).error().message;
    };
    EXPECT_NE(error_of("missing").find("is not a folder"), std::string::npos);
    fs::create_directory(folder_ / "empty");
    EXPECT_NE(error_of("empty").find("has no empty.yaml or empty.json"), std::string::npos);
    install("run: {contract: jsn}\nactions: []\n", "");
    EXPECT_NE(error_of("tool").find("did you mean 'json'?"), std::string::npos);
    install(k_json_ddl, "");
    fs::permissions(folder_ / "tool/tool", fs::perms(0777));
    EXPECT_NE(error_of("tool").find("tool/tool"), std::string::npos);
}

TEST_F(WorkbenchTest, GivesTheAgentTheSearchPathThatItIsTold) {
    install(k_json_ddl, R"(printf '{"statuscode":0,"data":{"path":"%s"}}' "$PATH" >&3)");
    const auto path_with = [this](const std::string& search_path) {
        return (*Workbench::open(folder_ / "tool", log_, search_path))->ask({"go"}).result.data.at("path");
    };
    EXPECT_EQ(path_with("/opt/bin:/usr/bin"), "/opt/bin:/usr/bin");
    EXPECT_EQ(path_with(""), "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
}

TEST_F(WorkbenchTest, WarnsAsANodeDoes) {
    install(k_json_ddl, "");
    fs::remove(folder_ / "tool/tool");
    const auto bench = Workbench::open(folder_ / "tool", log_);
    ASSERT_TRUE(bench);
    ASSERT_EQ((*bench)->warnings().size(), 1U);
    EXPECT_NE((*bench)->warnings()[0].find("does not exist"), std::string::npos);
}

TEST_F(WorkbenchTest, ATraceShowsNothingSensitive) {
    install(k_json_ddl, "cat >&2; cat /dev/stdin; exit 1");
    const auto bench = Workbench::open(folder_ / "tool", log_);
    const Answer answer = (*bench)->ask({"go", {{"key", "hunter2"}}});
    const ddl::Action* const action = (*bench)->agent().ddl.find("go");
    ASSERT_NE(answer.trace.ended->output.find("hunter2"), std::string::npos)
        << "else this test tests nothing";
    EXPECT_EQ(trace_text(answer.trace, action).find("hunter2"), std::string::npos);
    EXPECT_EQ(dump_json(trace_json(answer.trace, action)).find("hunter2"), std::string::npos);
    EXPECT_EQ(answer.result.statusmsg.find("hunter2"), std::string::npos);
}

TEST_F(WorkbenchTest, ATraceShowsWhatWentInAndOut) {
    install(
        "run: {contract: script, stdin: json}\nactions: [{action: go, description: d, command: [tool, -x],"
        " input: {n: {prompt: p, description: d, type: integer}}, output: {}}]\n",
        "echo out; echo err >&2; exit 3");
    const auto bench = Workbench::open(folder_ / "tool", log_);
    const Answer answer = (*bench)->ask({"go", {{"n", 5}}});
    const ddl::Action* const action = (*bench)->agent().ddl.find("go");
    const Json trace = trace_json(answer.trace, action);
    EXPECT_EQ(trace.at("command"), Json({(folder_ / "tool/tool").string(), "-x"}));
    EXPECT_EQ(trace.at("stdin"), "{\"n\":5}");
    EXPECT_EQ(trace.at("stdout"), "out\n");
    EXPECT_EQ(trace.at("stderr"), "err\n");
    EXPECT_EQ(trace.at("end"), "exit code 3");
    EXPECT_EQ(trace.at("descriptor_3"), false);
    EXPECT_NE(trace_text(answer.trace, action).find("    HOCKET_INPUT_N=5\n"), std::string::npos);
}

// ---- check -----------------------------------------------------------------------------------------------------------

class AgentCheckTest : public WorkbenchTest {
protected:
    /// An agent whose action `go` is read_only, and what a check finds, a line each.
    std::string found(const std::string& run, const std::string& script,
                      const std::string& action = "safety: read_only") {
        install("run: {" + run + "}\nactions: [{action: go, description: d, " + action + ", output: {}}]\n",
                script);
        return found_in_folder();
    }
    std::string found_in_folder() {
        const auto bench = Workbench::open(folder_ / "tool", log_);
        std::string lines;
        AgentCheck check(**bench, [&](const Finding& finding) { lines += line_of(finding); });
        check.run();
        EXPECT_EQ(check.has_errors(), lines.find("error    ") != std::string::npos) << lines;
        return lines;
    }
    static bool contains(const std::string& lines, const std::string& part) {
        return lines.find(part) != std::string::npos;
    }
};

constexpr const char* k_good = R"(cat >/dev/null; echo '{"statuscode":0,"changed":false}' >&3)";

TEST_F(AgentCheckTest, AGoodAgentIsRunAndMeasured) {
    const std::string lines = found("contract: json", k_good);
    EXPECT_TRUE(contains(lines, "ok       go answered ok in ")) << lines;
    EXPECT_TRUE(contains(lines, "ok       it reads its request after ")) << lines;
    EXPECT_FALSE(contains(lines, "warning")) << lines;
}

TEST_F(AgentCheckTest, WhatMayChangeSomethingIsNotRun) {
    const std::string lines = found("contract: json", "touch ${0%/*}/ran", "safety: changes");
    EXPECT_TRUE(contains(lines, "go was not run: it changes something and declares no noop")) << lines;
    EXPECT_TRUE(contains(lines, "its start was not measured")) << lines;
    EXPECT_FALSE(fs::exists(folder_ / "tool/ran"));
}

TEST_F(AgentCheckTest, WithNoopItIsRunSo) {
    const std::string lines =
        found("contract: json",
              R"(cat >/dev/null; [[ $HOCKET_NOOP == true ]] && echo '{"statuscode":0}' >&3)", "noop: true");
    EXPECT_TRUE(contains(lines, "go answered ok")) << lines;
    EXPECT_TRUE(contains(lines, "does not say whether it did: `changed`")) << lines;
}

TEST_F(AgentCheckTest, NoiseAndLeftoversAreSeen) {
    const std::string lines = found("contract: json", std::string("sleep 600 & echo noise; ") + k_good);
    EXPECT_TRUE(contains(lines, "go left 1 process(es) behind")) << lines;
    EXPECT_TRUE(contains(lines, "go prints 6 bytes on standard output, which is log")) << lines;
    const std::string on_stdout = found("contract: json", R"(cat >/dev/null; echo '{"statuscode":0}')");
    EXPECT_TRUE(contains(on_stdout, "go replies on standard output")) << on_stdout;
}

TEST_F(AgentCheckTest, ABadReplyIsAnError) {
    EXPECT_TRUE(contains(found("contract: json", "cat >/dev/null; echo hello >&3"),
                         "error    go answered bad_reply"));
}

TEST_F(AgentCheckTest, ClaimsAreHeldAgainstReplies) {
    const std::string lines =
        found("contract: json", R"(cat >/dev/null; echo '{"statuscode":0,"changed":true}' >&3)");
    EXPECT_TRUE(contains(lines, "is read_only and says that it changed something")) << lines;
    const std::string failed =
        found("contract: json", R"(cat >/dev/null; echo '{"error":{"kind":"oops","message":"m"}}' >&3)");
    EXPECT_TRUE(contains(failed, "programs expect tool/WORD")) << failed;
}

TEST_F(AgentCheckTest, OutputsAreHeldAgainstTheDescription) {
    install(
        "run: {contract: json}\nactions: [{action: go, description: d, safety: read_only, output: {text: "
        "{description: d, display_as: D}}}]\n",
        R"(cat >/dev/null; echo '{"statuscode":0,"data":{"txt":1}}' >&3)");
    const std::string lines = found_in_folder();
    EXPECT_TRUE(contains(lines, "'txt' is not declared as an output; did you mean 'text'? (")) << lines;
    EXPECT_TRUE(contains(lines, "go gave none of its outputs: text")) << lines;
}

TEST_F(AgentCheckTest, AnActionThatTheProgramHasNotIsAnError) {
    const std::string lines =
        found("contract: json",
              R"(cat >/dev/null; echo '{"error":{"kind":"tool/unknown_action","message":"m"}}' >&3)");
    EXPECT_TRUE(contains(lines, "error    go answered failed")) << lines;
}

TEST_F(AgentCheckTest, WhoDoesNotWaitCannotBeOnStandby) {
    constexpr const char* hasty = R"(echo '{"statuscode":0}' >&3)";
    EXPECT_TRUE(contains(found("contract: json", hasty), "note     it cannot be on standby"));
    EXPECT_TRUE(contains(found("contract: json, standby: 1", hasty), "error    it cannot be on standby"));
}

TEST_F(AgentCheckTest, ASlowStartIsSeenThoughItUsesNoProcessor) {
    const std::string slow = std::string("sleep 0.4; ") + k_good;
    EXPECT_TRUE(
        contains(found("contract: json", slow), "warning  it starts slowly: every call pays for that"));
    const std::string on_standby = found("contract: json, standby: 1", slow);
    EXPECT_TRUE(
        contains(on_standby, "note     it starts slowly: a call pays for that when no process is ready"))
        << on_standby;
}

TEST_F(AgentCheckTest, WhoNeverReadsCannotBeOnStandby) {
    const std::string lines =
        found("contract: json, standby: 1", "exec <&-; sleep 600", "safety: destructive");
    EXPECT_TRUE(contains(lines, "(without a request it did not read its standard input, and closed it)"))
        << lines;
}

TEST_F(AgentCheckTest, WhatCannotStartHasThatReason) {
    install("run: {contract: json}\nactions: [{action: go, description: d, safety: read_only, output: {}}]\n",
            "");
    folder_.write("tool/tool", "no program\n", 0755);
    const std::string lines = found_in_folder();
    EXPECT_TRUE(contains(lines, "error    its start was not measured: cannot execute")) << lines;
    EXPECT_FALSE(contains(lines, "standby")) << lines;
}

TEST_F(AgentCheckTest, AQuickAnswerIsNotHalfOfAShortTimeout) {
    install(
        "run: {contract: json}\nactions: [{action: go, description: d, safety: read_only, timeout: 1, "
        "output: {}}]\n",
        k_good);
    const std::string lines = found_in_folder();
    EXPECT_FALSE(contains(lines, "half of its timeout")) << lines;
}

TEST_F(AgentCheckTest, VariablesOfARequestAreNotThereOnStandby) {
    const std::string script = std::string("[[ $HOCKET_NOOP ]]; ") + k_good;
    EXPECT_TRUE(contains(found("contract: json, standby: 1", script), "warning  it mentions HOCKET_NOOP"));
    const std::string guarded = std::string("noop=${HOCKET_NOOP-false}; [[ -v HOCKET_ACTION ]]; ") + k_good;
    EXPECT_FALSE(contains(found("contract: json, standby: 1", guarded), "mentions"));
    EXPECT_FALSE(contains(found("contract: json", script), "mentions"));
}

TEST_F(AgentCheckTest, AWorkerIsAskedTwice) {
    const std::string lines = found("contract: worker", R"(while read -r line; do
        [[ $line =~ \"id\":\"([^\"]*)\" ]] && echo '{"id":"'${BASH_REMATCH[1]}'","statuscode":0}' >&3; done)");
    EXPECT_TRUE(contains(lines, "ok       a warm call takes ")) << lines;
    const std::string once = found("contract: worker", R"(read -r line
        [[ $line =~ \"id\":\"([^\"]*)\" ]] && echo '{"id":"'${BASH_REMATCH[1]}'","statuscode":0}' >&3; exit)");
    EXPECT_TRUE(contains(once, "go answered ok")) << once;
}

TEST_F(AgentCheckTest, WhatADeadlineEndedWasNotLeftBehind) {
    const std::string lines =
        found("contract: json", "sleep 600 & sleep 600", "safety: read_only, timeout: 1");
    EXPECT_TRUE(contains(lines, "timeout")) << lines;
    EXPECT_FALSE(contains(lines, "behind")) << lines;
}

// ---- exit codes and --json -------------------------------------------------------------------------------------------

class CommandTest : public WorkbenchTest {
protected:
    CommandTest() { options_.folder = (folder_ / "tool").string(); }

    int run(std::vector<std::string> inputs) {
        options_.action = "go";
        options_.inputs = std::move(inputs);
        testing::internal::CaptureStdout();
        const int code = run_action(options_, {});
        shown_ = testing::internal::GetCapturedStdout();
        return code;
    }

    CallOptions options_;
    std::string shown_;
};

TEST_F(CommandTest, InputsThatBreakTheDescriptionHaveACodeOfTheirOwn) {
    install(k_json_ddl, k_good);
    EXPECT_EQ(run({}), 0);
    EXPECT_EQ(run({"n=five"}), 65);
    EXPECT_EQ(run({"undeclared=1"}), 65);
    EXPECT_EQ(run({"key=@/nowhere"}), 65);
    install(k_json_ddl, "exit 3");
    EXPECT_EQ(run({}), 1);
}

TEST_F(CommandTest, WithJsonAnErrorIsJson) {
    install("run: {contract: jsn}\nactions: []\n", "");
    options_.json = true;
    EXPECT_EQ(run({}), 78);
    const Json error = *parse_json_object(shown_);
    EXPECT_EQ(error.at("schema"), "io.hocket.error.v1");
    EXPECT_EQ(error.at("error").at("code"), "invalid_ddl");
    EXPECT_EQ(error.at("exit_code"), 78);
}

TEST_F(CommandTest, ARunOfABenchThatFailsIsShownWhole) {
    install("run: {contract: json}\nactions:\n  - {action: go, description: d, input: {}, output: {}}\n",
            "echo 'no such module' >&2; exit 3");
    options_.action = "go";
    testing::internal::CaptureStderr();
    EXPECT_EQ(time_action(options_, 1, 0), 1);
    const std::string errors = testing::internal::GetCapturedStderr();
    EXPECT_NE(errors.find("run 0: "), std::string::npos) << errors;
    EXPECT_NE(errors.find("no such module"), std::string::npos) << errors;
}

}  // namespace
}  // namespace hocket::workbench
