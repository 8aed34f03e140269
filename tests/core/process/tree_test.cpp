#include <csignal>
#include <sys/resource.h>

#include "core/base/text.h"
#include "core/process/proc.h"
#include "tests/core/process/process_fixture.h"

namespace hocket::process {

namespace {

using std::chrono::milliseconds;

/// What becomes of everything that a leader starts, with a cgroup and without.
class TreeTest : public ProcessTest, public testing::WithParamInterface<KillPath> {
protected:
    void SetUp() override {
        ProcessTest::SetUp();
        use(GetParam());
    }

    bool has_cgroup() const { return GetParam() == KillPath::cgroup; }

    /// All numbers that the script printed.
    static std::vector<std::string> numbers_in(const std::string& output) {
        return split(trim(output), '\n');
    }

    static void expect_dead(const std::string& output) {
        for (const std::string& number : numbers_in(output))
            EXPECT_FALSE(is_alive(number)) << number;
    }

    /// The number that a script wrote into a file, once it is complete.
    std::string number_from(const std::string& name) {
        std::string text;
        drive_until([&] {
            text = read_file(folder() / name, 100).value_or("");
            return text.ends_with('\n');
        });
        return std::string(trim(text));
    }
};

const char* const k_quiet = "</dev/null >/dev/null 2>&1 3>&-";

std::string background(const std::string& command) {
    return command + " " + k_quiet + " & ";
}

TEST_P(TreeTest, KillsAChildLeftBehind) {
    const Ended ended = run(bash(background("sleep 1000") + "echo $!"));
    EXPECT_EQ(to_string(ended.end), "exit 0");
    EXPECT_EQ(ended.killed_orphans, 1U);
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsAChildOfALeaderThatCrashed) {
    const Ended ended = run(bash(background("sleep 1000") + "echo $!; kill -KILL $$"));
    EXPECT_EQ(to_string(ended.end), "signal 9");
    EXPECT_EQ(ended.killed_orphans, 1U);
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsWhoIgnoresEverySignal) {
    const Ended ended =
        run(bash("(trap '' TERM HUP INT; exec sleep 1000) " + std::string(k_quiet) + " & echo $!"));
    EXPECT_EQ(ended.killed_orphans, 1U);
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsGrandchildren) {
    const Ended ended = run(bash(background("( (sleep 1000 & echo >ready; sleep 1000) & sleep 1000)") +
                                 "until [[ -e ready ]]; do :; done"));
    EXPECT_GE(ended.killed_orphans, 3U);
    EXPECT_FALSE(has_children());
}

TEST_P(TreeTest, KillsAStormOfFifty) {
    const Ended ended =
        run(bash("for ((i = 0; i < 50; i++)); do " + background("sleep 1000") + "echo $!; done"));
    EXPECT_EQ(ended.killed_orphans, 50U);
    EXPECT_EQ(numbers_in(ended.output).size(), 50U);
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsThreeHundred) {
    // More than one pass looks at; a cgroup kills the rest uncounted.
    const Ended ended = run(bash("for ((i = 0; i < 300; i++)); do " + background("sleep 1000") + "done"));
    EXPECT_GE(ended.killed_orphans, has_cgroup() ? 128U : 300U);
    EXPECT_FALSE(has_children());
}

TEST_P(TreeTest, KillsWhoChangesItsNumberAllTheTime) {
    run(bash("run() { sleep 0.002; run & exit 0; }; " + background("run") + "sleep 0.05"));
    EXPECT_FALSE(has_children());
}

TEST_P(TreeTest, KillsWhoForksFasterThanItIsFound) {
    run(bash("run() { while :; do (:) & done; }; " + background("run") + background("run") + "sleep 0.05"));
    EXPECT_FALSE(has_children());
}

TEST_P(TreeTest, KillsAnotherProcessGroup) {
    const Ended ended = run(bash("set -m; " + background("sleep 1000") + "echo $!"));
    EXPECT_EQ(ended.killed_orphans, 1U);
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsADoubleForkInAnotherSession) {
    const Ended ended = run(bash(background("(setsid bash -c 'echo $$ >number; exec sleep 1000' &)") +
                                 "until [[ -s number ]]; do :; done; cat number"));
    EXPECT_EQ(ended.killed_orphans, 1U);
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsAnotherSessionWithoutEnvironment) {
    const Ended ended = run(bash(std::string(k_escape_without_marks) + "echo $escaped"));
    EXPECT_EQ(ended.killed_orphans, 1U);
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsADoubleForkWithoutEnvironment) {
    const Ended ended = run(bash(std::string(k_double_fork_without_marks) + "echo $escaped"));
    EXPECT_EQ(ended.killed_orphans, 1U);
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsADoubleForkWithoutEnvironmentAtTheDeadline) {
    Spec spec = bash(std::string(k_double_fork_without_marks) + "echo $escaped; sleep 1000");
    spec.deadline = in(milliseconds(200));
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "timed out");
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsAProcessThatIsStopped) {
    const Ended ended =
        run(bash(background("sleep 1000") +
                 "until [[ $(</proc/$!/comm) == sleep ]]; do :; done; kill -STOP $!; echo $!"));
    EXPECT_EQ(ended.killed_orphans, 1U);
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsTheWholeTreeAtTheDeadline) {
    Spec spec = bash(
        "trap '' TERM; (trap '' TERM; echo $BASHPID; (trap '' TERM; echo $BASHPID; sleep 1000) & wait) & " +
        std::string(k_escape_without_marks) + "echo $escaped; sleep 1000");
    spec.deadline = in(milliseconds(300));
    spec.grace_ms = milliseconds(50);
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "timed out");
    EXPECT_EQ(numbers_in(ended.output).size(), 3U);
    expect_dead(ended.output);
}

TEST_P(TreeTest, GivesTheGraceToAllOfTheTree) {
    Spec spec = bash(
        "(trap 'sleep 0.1; echo child cleaned up; exit' TERM; while :; do sleep 0.01; done) & sleep 1000");
    spec.deadline = in(milliseconds(200));
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "timed out");
    EXPECT_EQ(ended.output, "child cleaned up\n");
}

TEST_P(TreeTest, RecognisesWhomItSawBeforeItLostItsMarks) {
    // Two trees: nobody can tell by age whose the escaped child is.
    const auto other = start(bash("until [[ -e go ]]; do sleep 0.01; done"));
    Spec spec = bash("(trap '' TERM; " + std::string(k_escape_without_marks) +
                     "echo $escaped; sleep 1000) & sleep 1000");
    spec.deadline = in(milliseconds(300));
    spec.grace_ms = milliseconds(100);
    const Ended ended = run(std::move(spec));
    expect_dead(ended.output);
    file("go", "");
    drive_until([&] { return other->gone; });
}

TEST_P(TreeTest, LeavesOtherExecutionsAlone) {
    options_.orphan_max_ms = std::chrono::minutes(1);  // no look at an orphan before it has shed its marks
    const auto other = start(bash(std::string(k_double_fork_without_marks) +
                                  "echo $escaped >escaped; until [[ -e go ]]; do sleep 0.01; done; "
                                  "[[ -d /proc/$escaped ]] && echo alive"));
    const std::string escaped_of_other = number_from("escaped");
    const Ended ended = run(bash(std::string(k_double_fork_without_marks) + "echo $escaped"));
    EXPECT_TRUE(is_alive(escaped_of_other));
    EXPECT_EQ(is_alive(std::string(trim(ended.output))), !has_cgroup());
    file("go", "");
    drive_until([&] { return other->gone; });
    EXPECT_EQ(other->ended->output, "alive\n");
    drive_until([] { return !has_children(); });
}

TEST_P(TreeTest, KeepsOrphansIfAsked) {
    Spec spec = bash(background("sleep 1000") + "echo $!");
    spec.orphans = Orphans::keep;
    const Ended ended = run(std::move(spec));
    const std::string kept(trim(ended.output));
    EXPECT_EQ(to_string(ended.end), "exit 0");
    EXPECT_EQ(ended.killed_orphans, 0U);
    EXPECT_TRUE(is_alive(kept));
    run(bash("exit 0"));
    EXPECT_TRUE(is_alive(kept));
    ::kill(static_cast<pid_t>(std::stol(kept)), SIGKILL);
    drive_until([] { return !has_children(); });
}

TEST_P(TreeTest, KeepsAnEscapedDaemon) {
    Spec spec = bash(std::string(k_escape_without_marks) + "echo $escaped");
    spec.orphans = Orphans::keep;
    const std::string kept(trim(run(std::move(spec)).output));
    run(bash(background("sleep 1000") + "exit 0"));
    EXPECT_TRUE(is_alive(kept));
    stop_supervisor();
    EXPECT_TRUE(is_alive(kept));
    ::kill(static_cast<pid_t>(std::stol(kept)), SIGKILL);
    ::waitpid(static_cast<pid_t>(std::stol(kept)), nullptr, 0);
}

TEST_P(TreeTest, KillsAtTheDeadlineWhatItWouldKeep) {
    Spec spec = bash(background("sleep 1000") + "echo $!; sleep 1000");
    spec.orphans = Orphans::keep;
    spec.deadline = in(milliseconds(200));
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "timed out");
    expect_dead(ended.output);
}

TEST_P(TreeTest, KillsAtTheCapWhatItWouldKeep) {
    Spec spec = bash(background("sleep 1000") + "echo $!; yes");
    spec.orphans = Orphans::keep;
    spec.max_output_bytes = 1000;
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "too large");
    EXPECT_FALSE(has_children());
}

TEST_P(TreeTest, DoesNotOverlookOrphansForLackOfDescriptors) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "the sanitizers look at memory through a pipe, for which no descriptor is left here";
#endif
    const auto started = start(bash(background("sleep 1000") + "echo $!"));
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit none_left{3, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none_left);
    const auto limit = in(milliseconds(100));
    drive_until([&] { return std::chrono::steady_clock::now() > limit; });
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_FALSE(started->ended);
    drive_until([&] { return started->gone; });
    EXPECT_FALSE(has_children());
}

TEST_P(TreeTest, EndsTreesWithTheSupervisor) {
    start(
        bash(std::string(k_escape_without_marks) + background("sleep 1000") + "echo $! >ready; sleep 1000"));
    const std::string child = number_from("ready");
    stop_supervisor();
    EXPECT_FALSE(is_alive(child));
    EXPECT_FALSE(has_children());
}

INSTANTIATE_TEST_SUITE_P(BothPaths, TreeTest, testing::Values(KillPath::sweep, KillPath::cgroup),
                         [](const auto& path) { return path.param == KillPath::sweep ? "Sweep" : "Cgroup"; });

}  // namespace

}  // namespace hocket::process
