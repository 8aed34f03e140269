#include "core/process/proc.h"

#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "core/base/text.h"
#include "core/process/walk.h"
#include "tests/core/process/process_fixture.h"

namespace hocket::process {

namespace {

class ProcTest : public ProcessTest {};

TEST_F(ProcTest, ReadsOurOwnStatus) {
    const std::optional<ProcessStatus> status = read_status(::getpid());
    ASSERT_TRUE(status);
    EXPECT_EQ(status->parent, ::getppid());
    EXPECT_EQ(status->session, ::getsid(0));
    EXPECT_LE(status->start_ticks, now_ticks());
    EXPECT_GT(status->start_ticks + 100 * 3600, now_ticks()) << "this test has not run for an hour";
}

TEST_F(ProcTest, KnowsNothingOfWhoIsNotThere) {
    EXPECT_FALSE(read_status(0x7ffffffe));
    EXPECT_FALSE(environment_value(0x7ffffffe, "PATH"));
    EXPECT_EQ(cgroup_path(0x7ffffffe), "");
}

TEST_F(ProcTest, IsNotMisledByTheNameOfAProgram) {
    const std::string program = folder() / "a) S 1 (b";
    std::filesystem::copy_file("/bin/sleep", program);
    const auto started = start(bash("'" + program + "' 1000 & echo $! >ready; wait"));
    std::string child;
    drive_until([&] {
        child = read_file(folder() / "ready", 100).value_or("");
        return child.ends_with('\n') &&
               read_file("/proc/" + std::string(trim(child)) + "/comm", 100).value_or("") == "a) S 1 (b\n";
    });
    std::optional<ProcessStatus> status;
    drive_until([&] {
        status = read_status(static_cast<pid_t>(std::stol(child)));
        return !status || status->state == 'S';
    });
    ASSERT_TRUE(status);
    EXPECT_NE(status->parent, 1);
}

TEST_F(ProcTest, FindsAVariableOfTheEnvironment) {
    Spec spec =
        bash("echo ready >ready; sleep 1000; true");  // no exec: in the middle of one it cannot be read
    spec.environment.push_back("XHOCKET=wrong");
    spec.environment.push_back("HOCKET=right=1");
    const auto started = start(std::move(spec));
    drive_until([this] { return std::filesystem::exists(folder() / "ready"); });
    std::vector<pid_t> children;
    append_children(::getpid(), children);
    ASSERT_EQ(children.size(), 1U);
    EXPECT_EQ(environment_value(children[0], "HOCKET"), "right=1");
    EXPECT_EQ(environment_value(children[0], "NONE"), std::nullopt);
}

TEST_F(ProcTest, FindsOurOwnChildrenFromEachThread) {
    OwnChildren own;
    std::vector<pid_t> none;
    EXPECT_TRUE(own.append_to(none));
    EXPECT_TRUE(none.empty());
    const auto started = start(bash("sleep 1000"));
    std::vector<pid_t> children;
    EXPECT_TRUE(own.append_to(children));
    EXPECT_EQ(children, std::vector<pid_t>{started->handle.pid()});
    std::vector<pid_t> found;
    pid_t of_the_thread = -1;
    std::thread([&] {
        of_the_thread = ::fork();
        if (of_the_thread == 0) ::_exit(0);
        EXPECT_TRUE(own.append_to(found));
        ::waitpid(of_the_thread, nullptr, 0);
    }).join();
    EXPECT_EQ(found, (std::vector<pid_t>{started->handle.pid(), of_the_thread}));
}

TEST_F(ProcTest, WalksDownFromOurChildren) {
    const auto started = start(bash("(sleep 1000 & echo >ready; sleep 1000) & sleep 1000"));
    drive_until([this] { return std::filesystem::exists(folder() / "ready"); });
    std::vector<pid_t> children;
    append_children(::getpid(), children);
    EXPECT_GE(walk(children, Freeze::no).size(), 3U);
    EXPECT_TRUE(walk(std::vector<pid_t>{1}, Freeze::no).empty()) << "no child of ours";
}

TEST_F(ProcTest, KnowsWhoCanBeLookedAt) {
    EXPECT_FALSE(is_hidden(::getpid()));
    EXPECT_TRUE(is_hidden(-1));
}

}  // namespace

}  // namespace hocket::process
