#include <csignal>

#include "tests/core/process/process_fixture.h"

namespace hocket::process {

namespace {

using std::chrono::milliseconds;

class ExecutionTest : public ProcessTest {
protected:
    /// A child in the background with the redirections given.
    static std::string sleeper(const std::string& redirections) {
        return "sleep 1000 " + redirections + " & ";
    }
};

// ---- the end ---------------------------------------------------------------------------------------------------------

TEST_F(ExecutionTest, ReportsExitCodeAndOutput) {
    const Ended ended = run(bash("echo out; echo err >&2; exit 7"));
    EXPECT_EQ(to_string(ended.end), "exit 7");
    EXPECT_EQ(ended.output, "out\n");
    EXPECT_EQ(ended.errors.text, "err\n");
    EXPECT_FALSE(ended.reply_used);
    EXPECT_EQ(ended.killed_orphans, 0U);
}

TEST_F(ExecutionTest, TellsExitNineFromSignalNine) {
    EXPECT_EQ(to_string(run(bash("exit 9")).end), "exit 9");
    EXPECT_EQ(to_string(run(bash("kill -KILL $$")).end), "signal 9");
    EXPECT_EQ(to_string(run(bash("kill -SEGV $$")).end), "signal 11");
}

TEST_F(ExecutionTest, MeasuresTheLeadersTime) {
    const Ended ended = run(bash("sleep 0.05"));
    EXPECT_GE(ended.duration, milliseconds(50));
    EXPECT_LT(ended.duration, milliseconds(2000));
}

TEST_F(ExecutionTest, RunsSeveralAtOnce) {
    std::vector<std::shared_ptr<Started>> all;
    for (int code = 0; code < 20; ++code)
        all.push_back(start(bash("exit " + std::to_string(code))));
    for (int code = 0; code < 20; ++code) {
        const std::shared_ptr<Started>& started = all[static_cast<std::size_t>(code)];
        drive_until([&] { return started->gone; });
        EXPECT_EQ(to_string(started->ended->end), "exit " + std::to_string(code));
    }
}

TEST_F(ExecutionTest, LeavesNothingAfterTwoHundred) {
    run(bash("exit 0"));
    const std::size_t descriptors = count_open_descriptors();
    for (int count = 0; count < 200; ++count) {
        Spec spec = bash("");
        spec.executable = "/bin/true";
        ASSERT_EQ(to_string(run(std::move(spec)).end), "exit 0");
    }
    EXPECT_EQ(count_open_descriptors(), descriptors);
    EXPECT_FALSE(has_children());
}

TEST_F(ExecutionTest, EndsWithTheSupervisor) {
    const auto started = start(bash("trap '' TERM; echo $$ >leader; sleep 1000"));
    drive_until([this] { return std::filesystem::exists(folder() / "leader"); });
    stop_supervisor();
    EXPECT_FALSE(has_children());
    io_.restart();
    io_.poll();
    EXPECT_FALSE(started->ended);
}

TEST_F(ExecutionTest, MayLoseItsSupervisorBetweenDoneAndGone) {
    for (const Orphans orphans : {Orphans::kill, Orphans::keep}) {
        Spec spec = bash("exit 0");
        spec.orphans = orphans;
        const auto started = start(std::move(spec));
        drive_until([&] { return started->ended.has_value(); });
        stop_supervisor();
        io_.restart();
        io_.poll();
        EXPECT_FALSE(started->gone);
    }
}

// ---- input -----------------------------------------------------------------------------------------------------------

TEST_F(ExecutionTest, GivesInputAndThenItsEnd) {
    Spec spec = bash("cat; echo end");
    spec.input = "{\"a\":1}";
    EXPECT_EQ(run(std::move(spec)).output, "{\"a\":1}end\n");
}

TEST_F(ExecutionTest, PassesTenMegabytesThrough) {
    Spec spec = bash("cat");
    spec.input.assign(10'000'000, 'x');
    spec.max_output_bytes = 10'000'000;
    EXPECT_EQ(run(std::move(spec)).output.size(), 10'000'000U);
}

TEST_F(ExecutionTest, DoesNotMindInputThatIsNeverRead) {
    Spec spec = bash("exit 0");
    spec.input.assign(10'000'000, 'x');
    EXPECT_EQ(to_string(run(std::move(spec)).end), "exit 0");
}

TEST_F(ExecutionTest, DoesNotMindClosedInput) {
    Spec spec = bash("exec <&-; sleep 0.05; echo alive");
    spec.input.assign(10'000'000, 'x');
    EXPECT_EQ(run(std::move(spec)).output, "alive\n");
}

// ---- output ----------------------------------------------------------------------------------------------------------

TEST_F(ExecutionTest, TakesTheReplyFromThreeIfItWasUsed) {
    const Ended ended = run(bash("echo log; echo reply >&3"));
    EXPECT_TRUE(ended.reply_used);
    EXPECT_EQ(ended.reply, "reply\n");
    EXPECT_EQ(ended.output, "log\n");
}

TEST_F(ExecutionTest, KillsWhoPassesTheCapOnStdout) {
    Spec spec = bash("head -c 100000000 /dev/zero; sleep 1000");
    spec.max_output_bytes = 1'000'000;
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "too large");
    EXPECT_EQ(ended.output.size(), 1'000'000U);
    EXPECT_LT(ended.duration, milliseconds(2000));
}

TEST_F(ExecutionTest, KillsWhoPassesTheCapOnThree) {
    Spec spec = bash("yes >&3");
    spec.max_output_bytes = 1000;
    EXPECT_EQ(to_string(run(std::move(spec)).end), "too large");
}

TEST_F(ExecutionTest, TakesOutputOfExactlyTheCap) {
    Spec spec = bash("head -c 1000 /dev/zero");
    spec.max_output_bytes = 1000;
    EXPECT_EQ(to_string(run(std::move(spec)).end), "exit 0");
}

TEST_F(ExecutionTest, DoesNotCapStdoutOnceThreeIsUsed) {
    Spec spec = bash("echo reply >&3; sleep 0.05; head -c 5000000 /dev/zero");
    spec.max_output_bytes = 1000;
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "exit 0");
    EXPECT_EQ(ended.reply, "reply\n");
    EXPECT_EQ(ended.output.size(), 1000U);
}

TEST_F(ExecutionTest, KeepsHeadAndTailOfErrors) {
    Spec spec = bash("seq 1 100000 >&2");
    spec.max_stderr_bytes = 12;
    const Excerpt errors = run(std::move(spec)).errors;
    EXPECT_TRUE(errors.truncated);
    EXPECT_EQ(errors.total_bytes, 588895U);
    EXPECT_EQ(errors.text, "1\n2\n3\n\n[… 588883 bytes left out …]\n00000\n");
}

// ---- the drain -------------------------------------------------------------------------------------------------------

TEST_F(ExecutionTest, WaitsForAHeldReplyChannelAsLongAsTheDrain) {
    Spec spec = bash(sleeper("") + "echo reply");
    spec.drain_ms = milliseconds(100);
    const auto begin = std::chrono::steady_clock::now();
    const Ended ended = run(std::move(spec));
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_EQ(to_string(ended.end), "exit 0");
    EXPECT_EQ(ended.output, "reply\n");
    EXPECT_EQ(ended.killed_orphans, 1U);
    EXPECT_GE(took, ended.duration + milliseconds(100));  // the drain does not count as the leader's time
}

TEST_F(ExecutionTest, DoesNotDrainStdoutIfTheReplyCameFromThree) {
    Spec spec = bash(sleeper("3>&-") + "echo reply >&3");
    spec.drain_ms = milliseconds(9000);
    EXPECT_EQ(run(std::move(spec)).reply, "reply\n");
}

TEST_F(ExecutionTest, DoesNotDrainStderr) {
    Spec spec = bash(sleeper(">/dev/null 3>&-") + "echo reply");
    spec.drain_ms = milliseconds(9000);
    EXPECT_EQ(run(std::move(spec)).output, "reply\n");
}

TEST_F(ExecutionTest, TakesAReplyThatAChildWritesDuringTheDrain) {
    const Ended ended = run(bash("{ sleep 0.05; echo late >&3; } & exit 0"));
    EXPECT_EQ(ended.reply, "late\n");
}

TEST_F(ExecutionTest, DeliversAtTheCloseOfThreeIfAsked) {
    Spec spec = bash(
        "echo log; echo reply >&3; exec 3>&-; until [[ -e go ]]; do sleep 0.01; done; echo lived >proof");
    spec.reply_time = ReplyTime::on_close;
    const auto started = start(std::move(spec));
    drive_until([&] { return started->ended.has_value(); });
    EXPECT_EQ(to_string(started->ended->end), "replied");
    EXPECT_EQ(started->ended->reply, "reply\n");
    EXPECT_FALSE(started->gone);
    file("go", "");
    drive_until([&] { return started->gone; });
    EXPECT_TRUE(std::filesystem::exists(folder() / "proof"));
}

TEST_F(ExecutionTest, EndsAtTheDeadlineEvenAfterAnEarlyReply) {
    Spec spec = bash("echo reply >&3; exec 3>&-; sleep 1000");
    spec.reply_time = ReplyTime::on_close;
    spec.deadline = in(milliseconds(300));
    EXPECT_EQ(to_string(run(std::move(spec)).end), "replied");
}

TEST_F(ExecutionTest, ReportsTheExitIfThreeWasClosedUnused) {
    Spec spec = bash("exec 3>&-; echo on stdout; exit 4");
    spec.reply_time = ReplyTime::on_close;
    EXPECT_EQ(to_string(run(std::move(spec)).end), "exit 4");
}

// ---- the deadline ----------------------------------------------------------------------------------------------------

TEST_F(ExecutionTest, EndsWithTermAtTheDeadline) {
    Spec spec = bash("trap 'echo cleaned up >&2; exit 0' TERM; echo reply; while :; do sleep 0.01; done");
    spec.deadline = in(milliseconds(200));
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "timed out");
    EXPECT_EQ(ended.output, "reply\n");
    EXPECT_TRUE(ended.errors.text.ends_with("cleaned up\n")) << ended.errors.text;
    EXPECT_LT(ended.duration, milliseconds(3000));
}

TEST_F(ExecutionTest, CountsAReplyInTheGraceAsTimedOut) {
    Spec spec = bash("trap 'echo reply >&3; exit 0' TERM; while :; do sleep 0.01; done");
    spec.deadline = in(milliseconds(200));
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "timed out");
    EXPECT_EQ(ended.reply, "reply\n");
}

TEST_F(ExecutionTest, KillsWhoIgnoresTermAfterTheGrace) {
    const auto grace_over = in(milliseconds(200));
    Spec spec = bash("trap '' TERM; sleep 1000");
    spec.deadline = in(milliseconds(100));
    spec.grace_ms = milliseconds(100);
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "timed out");
    EXPECT_GE(std::chrono::steady_clock::now(), grace_over);
}

TEST_F(ExecutionTest, WakesAStoppedLeaderToObey) {
    Spec spec = bash("trap 'echo obeyed; exit 0' TERM; kill -STOP $$; sleep 1000");
    spec.deadline = in(milliseconds(200));
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "timed out");
    EXPECT_EQ(ended.output, "obeyed\n");
}

// ---- launch failures -------------------------------------------------------------------------------------------------

TEST_F(ExecutionTest, DeliversAFailedLaunchThroughDone) {
    Spec spec = bash("");
    spec.executable = folder() / "missing";
    EXPECT_EQ(to_string(run(std::move(spec)).end),
              "launch failed: cannot execute '" + (folder() / "missing").string() +
                  "': there is no such file; check `run.command` and what is installed");
}

}  // namespace

}  // namespace hocket::process
