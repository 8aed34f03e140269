#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/process/shebang.h"
#include "runner/workbench/agent_check.h"
#include "runner/workbench/answer_text.h"
#include "runner/workbench/percentile.h"
#include "runner/workbench/trace.h"
#include "tests/support/temporary_folder.h"

namespace hocket::workbench {
namespace {

namespace fs = std::filesystem;

/// What an author sees of an agent `tool`.
class AuthorTest : public testing::Test {
protected:
    AuthorTest() { ::setenv("TMPDIR", folder_.path().c_str(), 1); }
    ~AuthorTest() override { ::unsetenv("TMPDIR"); }

    void install(const std::string& ddl_end, const std::string& program) {
        folder_.write("tool/tool.yaml",
                      "metadata: {name: tool, description: d, author: a, license: l, "
                      "version: \"1.0.0\", url: u, timeout: 10}\n" +
                          ddl_end);
        folder_.write("tool/tool", program, 0755);
        bench_.reset();  // there is one at a time: it adopts what its agents leave behind
        bench_ = std::move(*Workbench::open(folder_ / "tool", log_));
    }

    void install_json(const std::string& action, const std::string& script) {
        install("run: {contract: json}\nactions: [{action: go, description: d, " + action + "}]\n",
                "#!/bin/bash\ncat >/dev/null\n" + script + "\n");
    }

    std::string run() {
        const Answer answer = bench_->ask({"go"});
        return answer_text(answer, bench_->agent().ddl.find("go"), false);
    }

    std::string check(const std::string& action = {}) {
        std::string lines;
        AgentCheck check(*bench_, [&](const Finding& finding) { lines += line_of(finding); });
        if (action.empty()) {
            check.run();
        } else {
            check.run({.action = action});
        }
        return lines;
    }

    bool has_run() const { return fs::exists(folder_ / "ran"); }
    std::string mark() const { return "touch " + (folder_ / "ran").string() + "\n"; }

    static bool contains(const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    }

    test::TemporaryFolder folder_;
    std::string logged_;
    Log log_{LogLevel::warn, logged_};
    std::unique_ptr<Workbench> bench_;
};

// ---- what is run without being named ---------------------------------------------------------------------------------

TEST_F(AuthorTest, WhatIsDestructiveIsRunOnlyWhenItIsNamed) {
    install_json("safety: destructive, noop: true, output: {}",
                 mark() + R"(echo '{"statuscode":0,"changed":false}' >&3)");
    const std::string lines = check();
    EXPECT_TRUE(contains(lines, "go was not run: it is destructive; to run it: hocket-agent check "))
        << lines;
    EXPECT_TRUE(contains(lines, "its start was not measured")) << lines;
    EXPECT_FALSE(has_run());
    EXPECT_TRUE(contains(check("go"), "go answered ok"));
    EXPECT_TRUE(has_run());
}

TEST_F(AuthorTest, AScriptThatIsNotToldOfNoopIsNotRun) {
    const std::string ddl =
        "run: {contract: script}\nactions: [{action: go, description: d, safety: changes, "
        "noop: true, output: {}, command: [tool";
    install(ddl + "]}]\n", "#!/bin/bash\n" + mark());
    const std::string lines = check();
    EXPECT_TRUE(contains(lines, "go was not run: it is not told of noop")) << lines;
    EXPECT_TRUE(contains(lines, "to run it, which does the real thing: ")) << lines;
    EXPECT_FALSE(has_run());
    install(ddl + ", '{noop?--dry-run}']}]\n", "#!/bin/bash\n[[ $1 == --dry-run ]] && " + mark());
    EXPECT_TRUE(contains(check(), "go answered ok"));
    EXPECT_TRUE(has_run());
}

TEST_F(AuthorTest, NothingIsStartedWithoutARequestWhenAnActionMayDoHarm) {
    const std::string ddl =
        "actions: [{action: see, description: d, safety: read_only, output: {}, input: {n: "
        "{prompt: p, description: d, type: integer}}}, "
        "{action: go, description: d, safety: changes, output: {}}]\n";
    install("run: {contract: json}\n" + ddl, "#!/bin/bash\n" + mark() + "cat >/dev/null\n");
    EXPECT_TRUE(contains(check(), "its start was not measured"));
    EXPECT_FALSE(has_run());
    install("run: {contract: json, standby: 1}\n" + ddl, "#!/bin/bash\n" + mark() + "cat >/dev/null\n");
    check();
    EXPECT_TRUE(has_run());
}

// ---- what is shown ---------------------------------------------------------------------------------------------------

TEST_F(AuthorTest, AFailureIsShownWithMessageStatusAndKind) {
    install_json("safety: read_only, output: {}",
                 R"(echo '{"statuscode":1,"statusmsg":"no such path",)"
                 R"("error":{"kind":"err/not_found","message":"/x does not exist\nnor does /y"}}' >&3)");
    const std::string text = run();
    EXPECT_TRUE(contains(text,
                         "  message: /x does not exist\n    nor does /y\n"
                         "  status: no such path\n  kind: err/not_found\n"))
        << text;
    const std::string lines = check();
    EXPECT_TRUE(
        contains(lines, ": /x does not exist\nnor does /y; status: no such path; kind: err/not_found"))
        << lines;
}

TEST_F(AuthorTest, TheKindOfAnErrorIsAWord) {
    install_json("safety: read_only, output: {}",
                 R"(echo '{"error":{"kind":"tool/Not A Word","message":"m"}}' >&3)");
    EXPECT_TRUE(contains(check(), "the kind of its error is 'tool/Not A Word'; programs expect tool/WORD"));
}

constexpr const char* k_used = "safety: read_only, output: {used: {description: d, display_as: D}}";

TEST_F(AuthorTest, AnUndeclaredOutputIsShownWithTheReason) {
    install_json(k_used, R"(echo '{"statuscode":0,"data":{"usd":1}}' >&3)");
    const std::string text = run();
    EXPECT_TRUE(contains(text, "  usd: 1 (not declared as an output; did you mean 'used'?)\n")) << text;
}

TEST_F(AuthorTest, OutputsBesideDataAreNoticed) {
    install_json(k_used, R"(echo '{"statuscode":0,"used":1}' >&3)");
    EXPECT_TRUE(contains(run(), "  used: stands beside `data` in the reply"));
    EXPECT_TRUE(contains(check(), "go: 'used' stands beside `data` in the reply"));
}

TEST_F(AuthorTest, AnInputWithAPuppetTypeIsNotFree) {
    install_json(
        "safety: read_only, output: {}, input: {v: {prompt: p, description: d, optional: true, "
        "puppet_type: 'Pattern[/^[a-z]+$/]'}, u: {prompt: p, description: d, optional: true, puppet_type: "
        "String}, w: {prompt: p, description: d, optional: true, type: string, "
        "maxlength: 9}}",
        R"(echo '{"statuscode":0}' >&3)");
    const std::string lines = check();
    EXPECT_FALSE(contains(lines, "the input 'v'")) << lines;
    EXPECT_TRUE(contains(lines, "the input 'u' has no validation")) << lines;
    EXPECT_TRUE(contains(lines, "the input 'w' has no validation")) << lines;
}

// ---- Bolt ------------------------------------------------------------------------------------------------------------

class BoltAuthorTest : public AuthorTest {
protected:
    void install_task(const std::string& script) {
        folder_.write("tool/tasks/go.json", R"({"description": "d", "parameters": {}})");
        folder_.write("tool/tasks/go.sh", "#!/bin/bash\n" + script + "\n", 0755);
        bench_ = std::move(*Workbench::open(folder_ / "tool", log_));
    }
    std::string trace(Sensitive sensitive = Sensitive::hidden) {
        return trace_text(bench_->ask({"go"}).trace, bench_->agent().ddl.find("go"), sensitive);
    }
};

TEST_F(BoltAuthorTest, ATraceOfATaskIsShown) {
    install_task(R"(echo '{"v": "visible"}')");
    EXPECT_TRUE(contains(trace(), "visible")) << trace();
}

TEST_F(BoltAuthorTest, ATraceOfASensitiveReplyIsShownOnlyWhenItIsWanted) {
    install_task(R"(echo '{"\u005fsensitive": {"key": "hunter2"}}')");
    EXPECT_FALSE(contains(trace(), "hunter2")) << trace();
    EXPECT_TRUE(contains(trace(Sensitive::shown), "hunter2"));
}

TEST_F(BoltAuthorTest, ATaskNeedNotSayWhetherItChangedSomething) {
    install_task("echo '{}'");
    EXPECT_FALSE(contains(check("go"), "`changed`")) << check("go");
}

// ---- its folder, its program -----------------------------------------------------------------------------------------

TEST_F(AuthorTest, AnAgentThatWritesIntoItsFolderIsWarnedOf) {
    install_json("safety: read_only, output: {}",
                 R"(echo x >> "${0%/*}/state"; echo '{"statuscode":0}' >&3)");
    const std::string lines = check();
    EXPECT_TRUE(contains(lines, "warning  while it ran, " + (folder_ / "tool/state").string() + " changed"))
        << lines;
}

TEST_F(AuthorTest, SavesAreNotWhatARunWrites) {
    install_json("output: {}", "");
    Saves saves(folder_ / "tool");
    EXPECT_TRUE(saves.begin_run());
    folder_.write("tool/state", "1");
    EXPECT_EQ(saves.end_run(), std::vector{(folder_ / "tool/state").string()});
    EXPECT_FALSE(saves.begin_run());
    folder_.write("tool/helper", "saved");
    EXPECT_TRUE(saves.begin_run());
    folder_.write("tool/state", "22");
    EXPECT_TRUE(saves.end_run().empty()) << "it was told";
    EXPECT_FALSE(saves.begin_run());
}

TEST_F(AuthorTest, AProgramThatIsSavedWhileItRunsIsRunAgain) {
    install_json("output: {}", "");
    Saves saves(folder_ / "tool");
    EXPECT_TRUE(saves.begin_run());
    folder_.write("tool/tool", "#!/bin/bash\n", 0755);
    EXPECT_TRUE(saves.end_run().empty());
    EXPECT_TRUE(saves.begin_run());
}

TEST_F(AuthorTest, AFolderThatGoesAndComesBackIsSaved) {
    install_json("output: {}", "");
    Saves saves(folder_ / "tool");
    EXPECT_TRUE(saves.begin_run());
    fs::rename(folder_ / "tool", folder_ / "away");
    EXPECT_TRUE(saves.begin_run());
    fs::rename(folder_ / "away", folder_ / "tool");
    EXPECT_TRUE(saves.begin_run());
}

TEST_F(AuthorTest, AByteOrderMarkIsNamed) {
    install("run: {contract: json}\nactions: [{action: go, description: d, output: {}}]\n",
            "\xef\xbb\xbf#!/bin/bash\n");
    EXPECT_TRUE(contains(run(), "it begins with a byte order mark (BOM)")) << run();
}

TEST_F(AuthorTest, ACommentMayMentionVariables) {
    install(
        "run: {contract: json, standby: 1}\n"
        "actions: [{action: go, description: d, safety: read_only, output: {}}]\n",
        "#!/bin/bash\n  # HOCKET_NOOP is not there\ncat >/dev/null; echo '{\"statuscode\":0}' >&3\n");
    EXPECT_FALSE(contains(check(), "mentions"));
}

TEST_F(AuthorTest, WhatAWorkerLeavesBehindAndPrintsIsNoticed) {
    const char* const ddl =
        "run: {contract: worker}\nactions: [{action: go, description: d, safety: read_only, input: {}, "
        "output: {}}]\n";
    const std::string loop = R"(#!/bin/bash
while IFS= read -r line; do
    [[ $line =~ \"id\":\"([^\"]*)\" ]]
    DO
    printf '{"id":"%s","statuscode":0}\n' "${BASH_REMATCH[1]}" >&3
done
)";
    const auto with = [&](const std::string& what) {
        return std::string(loop).replace(loop.find("DO"), 2, what);
    };
    install(ddl, with(":"));
    EXPECT_FALSE(contains(check(), "behind"));
    EXPECT_FALSE(contains(check(), "standard output"));
    install(ddl, with("sleep 55 </dev/null >/dev/null 2>&1 3>&- & echo noise"));
    const std::string said = check();
    EXPECT_TRUE(contains(said, "the worker left 2 process(es) behind, which live as long as it does"))
        << said;
    EXPECT_TRUE(contains(said, "go prints 6 bytes on standard output, which is log")) << said;
}

TEST_F(AuthorTest, AnActionThatIsNotThereIsAnsweredWithThoseThatAre) {
    install_json("input: {}, output: {}", "");
    EXPECT_TRUE(contains(check("og"), "there is no action \"og\"; there are: go"));
}

TEST_F(AuthorTest, WithoutStandbyNothingIsSaidOfItsMemory) {
    install("run: {contract: json, standby: 2}\nactions: [{action: go, description: d, output: {}}]\n",
            "#!/bin/bash\ncat >/dev/null; echo '{\"statuscode\":0}' >&3\n");
    bench_->rest(std::chrono::milliseconds(100));
    EXPECT_EQ(run().substr(0, 2), "ok");
    EXPECT_EQ(logged_, "");
}

TEST(Shebang, BlanksAndTabsStandBetweenInterpreterAndArgument) {
    using Words = std::vector<std::string>;
    EXPECT_EQ(process::interpreter_of("#!/bin/sh"), Words({"/bin/sh"}));
    EXPECT_EQ(process::interpreter_of("#!\t/usr/bin/env\tpython3 -u "),
              Words({"/usr/bin/env", "python3 -u"}));
    EXPECT_EQ(process::interpreter_of("#! "), Words());
    EXPECT_EQ(process::interpreter_of(""), Words());
}

TEST(Percentile, IsTheNearestRank) {
    std::vector<std::int64_t> hundred;
    for (std::int64_t each = 1; each <= 100; ++each)
        hundred.push_back(each);
    EXPECT_EQ(percentile(hundred, 99), 99);
    EXPECT_EQ(percentile(hundred, 50), 50);
    EXPECT_EQ(percentile({7}, 99), 7);
    EXPECT_EQ(percentile({1, 2, 3}, 50), 2);
}

}  // namespace
}  // namespace hocket::workbench
