#include <algorithm>
#include <csignal>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/process/proc.h"
#include "tests/core/process/process_fixture.h"

namespace hocket::process {

namespace {

/// Whose orphan is whose, without a cgroup.
class ForestTest : public ProcessTest {
protected:
    static pid_t spawn_foreign_child(const char* program, const char* argument) {
        pid_t pid = -1;
        const char* argv[] = {program, argument, nullptr};
        ::posix_spawn(&pid, program, nullptr, nullptr, const_cast<char**>(argv), nullptr);
        return pid;
    }

    static std::size_t count_zombies() {
        std::vector<pid_t> children;
        append_children(::getpid(), children);
        return children.size() - static_cast<std::size_t>(std::ranges::count_if(
                                     children, [](pid_t child) { return is_alive(child); }));
    }

    static int status_of(pid_t child) {
        int status = -1;
        ::waitpid(child, &status, 0);
        return status;
    }
};

TEST_F(ForestTest, DoesNotKillForeignChildren) {
    const pid_t older = spawn_foreign_child("/bin/sleep", "1000");
    run(bash("exit 0"));
    const pid_t younger = spawn_foreign_child("/bin/sleep", "1000");
    run(bash("exit 0"));
    stop_supervisor();
    EXPECT_TRUE(is_alive(older));
    EXPECT_TRUE(is_alive(younger));
    for (const pid_t child : {older, younger})
        ::kill(child, SIGKILL);
    EXPECT_EQ(status_of(older), SIGKILL);
    EXPECT_EQ(status_of(younger), SIGKILL);
}

TEST_F(ForestTest, DoesNotTakeTheStatusOfForeignChildren) {
    run(bash("exit 0"));
    const pid_t foreign = spawn_foreign_child("/bin/false", nullptr);
    drive_until([foreign] { return !is_alive(foreign); });
    run(bash("exit 0"));
    EXPECT_EQ(WEXITSTATUS(status_of(foreign)), 1);
}

TEST_F(ForestTest, WhoseTreeIsNotKnownBelongsToTheLastThatIsLeft) {
    const auto first = start(bash("exit 0"));
    const auto second = start(bash(std::string(k_escape_without_marks) + "echo $escaped"));
    while (count_zombies() < 2)
        continue;
    drive_until([&] { return first->gone && second->gone; });
    EXPECT_EQ(first->ended->killed_orphans + second->ended->killed_orphans, 1U);
    EXPECT_FALSE(has_children());
}

TEST_F(ForestTest, KillsAStrayThatNoTreeMayOwn) {
    Spec standing = bash(std::string(k_escape_without_marks) + "echo $escaped");
    standing.deadline.reset();
    const auto only = start(std::move(standing));
    drive_until([&] { return only->gone; });
    EXPECT_EQ(only->ended->killed_orphans, 0U);
    drive_until([] { return !has_children(); });
    EXPECT_NE(logged().find("killed processes that an execution left behind"), std::string::npos);
}

TEST_F(ForestTest, SparesAStrayThatMayBelongToAKeptTree) {
    options_.orphan_max_ms = std::chrono::minutes(1);  // no look at an orphan before it has shed its marks
    Spec spec = bash("sleep 1000 </dev/null >/dev/null 2>&1 3>&- & echo $!");
    spec.orphans = Orphans::keep;
    const std::string kept(trim(run(std::move(spec)).output));
    const std::string stray(trim(run(bash(std::string(k_escape_without_marks) + "echo $escaped")).output));
    EXPECT_TRUE(is_alive(stray));
    for (const std::string& pid : {kept, stray}) {
        ::kill(static_cast<pid_t>(std::stol(pid)), SIGKILL);
        drive_until([&] { return !is_alive(pid); });
    }
    run(bash("exit 0"));
    EXPECT_FALSE(has_children()) << "the end of an execution is a look at all orphans";
}

TEST_F(ForestTest, AStandingTreeClaimsNobody) {
    Spec standing = bash("cat");
    standing.standard_input = Stdin::pipe;
    standing.deadline.reset();
    const auto worker = start(std::move(standing));
    const Ended ended = run(bash(std::string(k_double_fork_without_marks) + "echo $escaped"));
    EXPECT_EQ(ended.killed_orphans, 1U);
    EXPECT_FALSE(is_alive(std::string(trim(ended.output))));
    EXPECT_TRUE(is_alive(worker->handle.pid()));
    worker->handle.close_input();
    drive_until([&] { return worker->gone; });
}

TEST_F(ForestTest, AKeptTreeThatHasEndedClaimsNobody) {
    options_.orphan_max_ms = std::chrono::minutes(1);  // no look at it before the next execution
    Spec kept = bash("exit 0");
    kept.orphans = Orphans::keep;
    run(std::move(kept));
    const Ended ended = run(bash(std::string(k_double_fork_without_marks) + "echo $escaped"));
    EXPECT_EQ(ended.killed_orphans, 1U);
    EXPECT_FALSE(is_alive(std::string(trim(ended.output))));
}

TEST_F(ForestTest, DoesNotKillTheOrphansOfAKeptDaemon) {
    // The daemon's child comes to us when the daemon dies, marked as the daemon was.
    Spec spec = bash("(sleep 1000 & echo $!; exec sleep 0.1) </dev/null 2>&1 3>&- & sleep 0.05");
    spec.orphans = Orphans::keep;
    spec.drain_ms = std::chrono::milliseconds(10);
    const std::string child(trim(run(std::move(spec)).output));
    int looks = 0;
    drive_until([&] { return ++looks > 30; });
    EXPECT_TRUE(is_alive(child));
    ::kill(static_cast<pid_t>(std::stol(child)), SIGKILL);
    drive_until([] { return !has_children(); });
}

TEST_F(ForestTest, ReapsOrphansWhileTheirExecutionRuns) {
    const auto started =
        start(bash("for i in 1 2 3; do (setsid sleep 0.01 </dev/null >/dev/null 2>&1 3>&- &); done; "
                   "until [[ -e go ]]; do sleep 0.01; done; "
                   "while read -r line; do echo $line; done </proc/$PPID/task/$PPID/children"));
    int looks = 0;
    drive_until([&] { return ++looks > 20; });
    file("go", "");
    drive_until([&] { return started->gone; });
    EXPECT_EQ(split(trim(started->ended->output), ' ').size(), 1U) << "the leader alone";
}

}  // namespace

}  // namespace hocket::process
