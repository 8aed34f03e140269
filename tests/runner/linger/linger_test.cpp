#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include "core/process/proc.h"
#include "tests/core/process/process_fixture.h"

namespace hocket::process {

namespace {

using std::chrono::milliseconds;

/// Agents that outlive their supervisor, with a cgroup and without.
class LingerTest : public ProcessTest, public testing::WithParamInterface<KillPath> {
protected:
    void SetUp() override {
        ProcessTest::SetUp();
        use(GetParam());
        options_.linger_helper = HOCKET_LINGER;
    }

    void TearDown() override {
        stop_supervisor();
        reap_all();
        ProcessTest::TearDown();
    }

    /// Starts a script that is to outlive the supervisor, and stops the supervisor when the script is ready.
    /// `first` is what it does before it is ready.
    pid_t leave(const std::string& script, milliseconds deadline = milliseconds(10'000),
                const std::string& first = "", Orphans orphans = Orphans::kill) {
        Spec spec = bash(first + "echo $$ >ready; " + script);
        spec.at_stop = AtStop::leave;
        spec.orphans = orphans;
        spec.deadline = in(deadline);
        spec.grace_ms = milliseconds(100);
        spec.scratch_folder = scratch_folder_;
        start(std::move(spec));
        const pid_t pid = number_from("ready");
        stop_supervisor();
        return pid;
    }

    std::string scratch_folder_;

    /// What a script wrote with echo, once it is complete.
    pid_t number_from(const std::string& name) {
        drive_until([&] { return text_of(name).ends_with('\n'); });
        return static_cast<pid_t>(std::stol(text_of(name)));
    }

    std::string text_of(const std::string& name) { return read_file(folder() / name, 100).value_or(""); }

    /// As wait(2) gives it; a test that waits for ten seconds has failed.
    int status_of(pid_t child) {
        int status = -1;
        drive_until([&] { return ::waitpid(child, &status, WNOHANG) == child; });
        return status;
    }

    /// The agent and hocket-linger are children of this process, which goes on, other than hocketd.
    void reap_all() {
        drive_until([] {
            while (::waitpid(-1, nullptr, WNOHANG) > 0)
                continue;
            return !has_children();
        });
    }
};

TEST_P(LingerTest, AnAgentGoesOnAndMayPrintMoreThanAPipeHolds) {
    const pid_t agent = leave(
        "until [[ -e go ]]; do sleep 0.01; done; printf -v line %1000s; "
        "for ((i = 0; i < 300; i++)); do echo \"$line\"; echo \"$line\" >&2; echo \"$line\" >&3; done; echo "
        ">done");
    EXPECT_TRUE(is_alive(agent));
    EXPECT_NE(logged().find("an agent goes on without this hocketd"), std::string::npos);
    file("go", "");
    const int status = status_of(agent);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    EXPECT_EQ(text_of("done"), "\n");
    reap_all();
}

TEST_P(LingerTest, ItsDeadlineHolds) {
    EXPECT_EQ(WTERMSIG(status_of(leave("exec sleep 1000", milliseconds(500)))), SIGTERM);
}

TEST_P(LingerTest, WhoIgnoresTermIsKilledAfterTheGrace) {
    const pid_t agent =
        leave("sleep 1000", milliseconds(500), "trap '' TERM; (trap '' TERM; sleep 1000) & echo $! >child; ");
    EXPECT_EQ(WTERMSIG(status_of(agent)), SIGKILL);
    const pid_t child = number_from("child");
    drive_until([&] { return !is_alive(child); });
}

TEST_P(LingerTest, AChildThatIgnoresTermIsKilledThoughTheAgentObeyed) {
    const pid_t agent = leave(
        "sleep 1000", milliseconds(500),
        "(trap '' TERM; exec sleep 1000 >/dev/null 2>&1 3>&-) & echo $! >child; exec >/dev/null 2>&1 3>&-; ");
    EXPECT_EQ(WTERMSIG(status_of(agent)), SIGTERM);
    const pid_t child = number_from("child");
    drive_until([&] { return !is_alive(child); });
}

TEST_P(LingerTest, WhatIsKeptLivesOnAfterTheAgent) {
    const pid_t agent = leave("until [[ -e go ]]; do sleep 0.01; done", milliseconds(10'000),
                              "sleep 1000 </dev/null >/dev/null 2>&1 3>&- & echo $! >kept; ", Orphans::keep);
    const pid_t kept = number_from("kept");
    file("go", "");
    EXPECT_EQ(status_of(agent), 0);
    EXPECT_TRUE(is_alive(kept));
    ::kill(kept, SIGKILL);
}

TEST_P(LingerTest, WhatIsKeptIsEndedAtTheDeadline) {
    leave("sleep 1000", milliseconds(500),
          "setsid sleep 1000 </dev/null >/dev/null 2>&1 3>&- & echo $! >kept; ", Orphans::keep);
    const pid_t kept = number_from("kept");
    if (GetParam() == KillPath::cgroup) {
        drive_until([&] { return !is_alive(kept); });
    } else {
        ::kill(kept, SIGKILL);  // it left the session, and there is no cgroup
    }
}

TEST_P(LingerTest, WhatIsClosedIsWaitedForToo) {
    const pid_t agent = leave("exec >/dev/null 2>&1 3>&-; sleep 1000", milliseconds(500));
    EXPECT_EQ(WTERMSIG(status_of(agent)), SIGTERM);
}

TEST_P(LingerTest, WhatAnAgentLeavesInItsCgroupIsEnded) {
    if (GetParam() == KillPath::sweep) GTEST_SKIP() << "without a cgroup nobody knows what it leaves";
    leave(std::string(k_escape_without_marks) +
          "echo $escaped >escaped; until [[ -e go ]]; do sleep 0.01; done");
    const pid_t escaped = number_from("escaped");
    file("go", "");
    drive_until([&] { return !is_alive(escaped); });
}

TEST_P(LingerTest, TheNextHocketdSparesIt) {
    if (GetParam() == KillPath::sweep) GTEST_SKIP() << "without a cgroup the next one does not see it";
    const pid_t agent = leave("until [[ -e go ]]; do sleep 0.01; done");
    const auto of_the_next = CgroupFolder::open("auto");  // ends the leftovers of who is gone
    EXPECT_TRUE(of_the_next);
    file("go", "");
    EXPECT_EQ(status_of(agent), 0);
}

TEST_P(LingerTest, ItsTemporaryFilesGoWithIt) {
    scratch_folder_ = (folder() / "scratch").string();
    const pid_t agent =
        leave("mkdir scratch/sub; echo x >scratch/sub/file; until [[ -e go ]]; do sleep 0.01; done");
    EXPECT_TRUE(std::filesystem::exists(scratch_folder_));
    file("go", "");
    EXPECT_EQ(status_of(agent), 0);
    drive_until([&] { return !std::filesystem::exists(scratch_folder_); });
}

TEST_P(LingerTest, WithoutTheHelperItIsEndedAndTheLogSaysSo) {
    options_.linger_helper = "/nowhere/hocket-linger";
    const pid_t agent = leave("exec sleep 1000");
    EXPECT_FALSE(is_alive(agent));
    EXPECT_NE(logged().find("nobody can stay with it"), std::string::npos);
    EXPECT_NE(logged().find("/nowhere/hocket-linger"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(BothPaths, LingerTest, testing::Values(KillPath::sweep, KillPath::cgroup),
                         [](const auto& path) { return path.param == KillPath::sweep ? "Sweep" : "Cgroup"; });

}  // namespace

}  // namespace hocket::process
