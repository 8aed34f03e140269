#include "core/process/cgroup.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "tests/core/process/process_fixture.h"
#include "tests/support/temporary_folder.h"

namespace hocket::process {

namespace {

namespace fs = std::filesystem;

/// A base folder of its own in this machine's hierarchy.
class CgroupTest : public ProcessTest {
protected:
    void SetUp() override {
        ProcessTest::SetUp();
        Result<std::optional<CgroupFolder>> folder = CgroupFolder::open("auto");
        if (!folder || !*folder) GTEST_SKIP() << "no writable cgroup v2 folder here";
        base_ = (*folder)->path().parent_path() / ("test-" + std::to_string(::getpid()));
        fs::create_directory(base_);
    }

    void TearDown() override {
        EXPECT_TRUE(base_.empty() || ::rmdir(base_.c_str()) == 0) << "something is left in " << base_;
        ProcessTest::TearDown();
    }

    CgroupFolder open() { return std::move(**CgroupFolder::open(base_.string())); }

    /// A leaf as a hocketd that is gone would have left it, with a process in it.
    pid_t leave_process_in(const std::string& leaf) {
        fs::create_directories(base_ / leaf);
        const pid_t child = ::fork();
        if (child == 0) {
            ::pause();
            ::_exit(0);
        }
        std::ofstream(base_ / leaf / "cgroup.procs") << child;
        return child;
    }

    static CgroupLeaf leaf_of(CgroupFolder& folder) {
        return std::move(*folder.make_leaf(CgroupFolder::Contents::to_be_killed));
    }

    static auto count_folders_in(const fs::path& path) {
        return std::ranges::count_if(fs::directory_iterator(path),
                                     [](const auto& entry) { return entry.is_directory(); });
    }

    static int status_of(pid_t child) {
        int status = -1;
        ::waitpid(child, &status, 0);
        return status;
    }

    fs::path base_;
};

TEST(CgroupFolder, CanBeOff) {
    EXPECT_FALSE(CgroupFolder::open("off")->has_value());
}

TEST(CgroupFolder, NamesAFolderThatIsNone) {
    EXPECT_EQ(CgroupFolder::open("/tmp").error().message,
              "cgroup '/tmp' cannot be used: No such file or directory; name a cgroup v2 folder that hocketd "
              "may write "
              "to (Delegate=yes)");
}

TEST_F(CgroupTest, RemovesItsFolderAtTheEnd) {
    fs::path path;
    {
        const CgroupFolder folder = open();
        path = folder.path();
        EXPECT_TRUE(fs::exists(path));
    }
    EXPECT_FALSE(fs::exists(path));
}

TEST_F(CgroupTest, KnowsThePathsOfItsMembers) {
    CgroupFolder folder = open();
    Result<CgroupLeaf> leaf = folder.make_leaf(CgroupFolder::Contents::to_be_killed);
    const std::string path = "/any/hocket-" + std::to_string(::getpid()) + "/run-0";
    EXPECT_TRUE(leaf->holds(path));
    EXPECT_TRUE(leaf->holds(path + "/below"));
    EXPECT_FALSE(leaf->holds(path + "1"));
    EXPECT_FALSE(leaf->holds("/"));
    EXPECT_TRUE(leaf->remove());
}

TEST_F(CgroupTest, PreparesOneLeafAheadOfTime) {
    CgroupFolder folder = open();
    folder.prepare_leaf();
    folder.prepare_leaf();
    EXPECT_TRUE(fs::exists(folder.path() / "run-0"));
    EXPECT_FALSE(fs::exists(folder.path() / "run-1"));
    Result<CgroupLeaf> kept = folder.make_leaf(CgroupFolder::Contents::may_be_kept);
    EXPECT_TRUE(kept->holds("/" + folder.path().filename().string() + "/keep-1"));
    Result<CgroupLeaf> leaf = folder.make_leaf(CgroupFolder::Contents::to_be_killed);
    EXPECT_TRUE(leaf->holds("/" + folder.path().filename().string() + "/run-0"));
    EXPECT_TRUE(leaf->remove() && kept->remove());
    folder.prepare_leaf();  // goes with the folder
}

TEST_F(CgroupTest, MakesAnotherWhenThePreparedOneWasRemoved) {
    CgroupFolder folder = open();
    folder.prepare_leaf();
    fs::remove(folder.path() / "run-0");
    Result<CgroupLeaf> leaf = folder.make_leaf(CgroupFolder::Contents::to_be_killed);
    ASSERT_TRUE(leaf);
    EXPECT_TRUE(leaf->is_there());
    EXPECT_TRUE(leaf->remove());
}

TEST_F(CgroupTest, UsesALeafAgain) {
    CgroupFolder folder = open();
    folder.take_back(leaf_of(folder));
    folder.prepare_leaf();
    EXPECT_FALSE(fs::exists(folder.path() / "run-1"));
    CgroupLeaf again = leaf_of(folder);
    EXPECT_TRUE(again.holds("/" + folder.path().filename().string() + "/run-0"));
    folder.take_back(std::move(again));  // goes with the folder
}

TEST_F(CgroupTest, DoesNotUseALeafAgainThatIsNotLikeNew) {
    CgroupFolder folder = open();
    CgroupLeaf frozen = leaf_of(folder);
    EXPECT_TRUE(frozen.is_like_new());
    std::ofstream(folder.path() / "run-0" / "cgroup.freeze") << 1;
    EXPECT_FALSE(frozen.is_like_new());
    CgroupLeaf divided = leaf_of(folder);
    fs::create_directory(folder.path() / "run-1" / "below");
    EXPECT_FALSE(divided.is_like_new());
    Result<CgroupLeaf> kept = folder.make_leaf(CgroupFolder::Contents::may_be_kept);
    EXPECT_FALSE(kept->is_like_new());
    CgroupLeaf killed = leaf_of(folder);
    killed.kill();
    EXPECT_FALSE(killed.is_like_new());
    for (CgroupLeaf* each : {&frozen, &divided, &*kept, &killed})
        folder.take_back(std::move(*each));
    EXPECT_TRUE(leaf_of(folder).remove());
    EXPECT_EQ(count_folders_in(folder.path()), 0);
}

TEST_F(CgroupTest, KnowsWhetherSomebodyLivesInALeaf) {
    CgroupFolder folder = open();
    CgroupLeaf leaf = leaf_of(folder);
    EXPECT_TRUE(leaf.is_empty());
    const pid_t child = leave_process_in((folder.path() / "run-0").string());
    EXPECT_FALSE(leaf.is_empty() || leaf.is_like_new());
    ::kill(child, SIGKILL);
    status_of(child);
    EXPECT_TRUE(leaf.is_empty());
    EXPECT_TRUE(leaf.remove());
    EXPECT_TRUE(leaf.is_empty()) << "nobody lives in what is not there";
    EXPECT_FALSE(leaf.is_like_new());
}

TEST_F(CgroupTest, OneExecutionAfterTheOtherIsInTheSameLeaf) {
    use(KillPath::cgroup);
    const Ended first = run(bash("grep ^0:: /proc/self/cgroup"));
    const Ended second = run(bash("grep ^0:: /proc/self/cgroup"));
    const Ended third = run(bash("grep ^0:: /proc/self/cgroup"));
    EXPECT_NE(first.output.find("/run-"), std::string::npos);
    EXPECT_EQ(second.output, third.output);
}

TEST_F(CgroupTest, WhoWasKilledDoesNotHarmTheNext) {
    use(KillPath::cgroup);
    for (const char* end : {"sleep 1000 & exit 0", "kill -9 $$", "echo 1 >\"$0\"/cgroup.kill; sleep 1000"}) {
        Spec spec = bash(std::string("set -- $(grep ^0:: /proc/self/cgroup); ") + "BASH_ARGV0=$(dirname " +
                         base_.parent_path().string() + "/x)${1#0::}; " + end);
        run(std::move(spec));
        for (int next = 0; next < 3; ++next) {
            const Ended ended = run(bash("echo here"));
            EXPECT_EQ(ended.output, "here\n") << "after " << end;
        }
    }
}

TEST_F(CgroupTest, EndsWhatADeadDaemonLeftBehind) {
    const pid_t left = leave_process_in("hocket-1/run-7");
    { const CgroupFolder folder = open(); }
    EXPECT_EQ(status_of(left), SIGKILL);
    const CgroupFolder folder = open();
    EXPECT_FALSE(fs::exists(base_ / "hocket-1"));
}

TEST_F(CgroupTest, LeavesWhatADeadDaemonKept) {
    const pid_t kept = leave_process_in("hocket-1/keep-7");
    { const CgroupFolder folder = open(); }
    EXPECT_TRUE(is_alive(kept));
    ::kill(kept, SIGKILL);
    status_of(kept);
    const CgroupFolder folder = open();
    EXPECT_FALSE(fs::exists(base_ / "hocket-1"));
}

TEST_F(CgroupTest, LeavesALivingDaemonAlone) {
    CgroupFolder living = open();
    Result<CgroupLeaf> leaf = living.make_leaf(CgroupFolder::Contents::to_be_killed);
    EXPECT_EQ(CgroupFolder::open(base_.string()).error().message,
              "cgroup '" + base_.string() + "' cannot be used: 'hocket-" + std::to_string(::getpid()) +
                  "' there belongs to another hocketd");
    EXPECT_TRUE(leaf->remove());
}

TEST_F(CgroupTest, RemovesCgroupsThatAnExecutionMade) {
    use(KillPath::cgroup);
    const Ended ended =
        run(bash("cd " + base_.parent_path().string() +
                 "/hocket-$PPID/run-0 && mkdir -p a/b && echo $$ >a/b/cgroup.procs && echo in a/b"));
    EXPECT_EQ(ended.output, "in a/b\n") << ended.errors.text;
}

/// Makes clone3(2) fail as an older kernel or a container does. For the rest of the process.
bool forbid_clone3() {
    sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter{4, program};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

TEST_F(CgroupTest, EntersByItselfWithoutClone3) {
    const pid_t child = ::fork();
    if (child == 0) {
        const bool forbidden = forbid_clone3();
        use(KillPath::cgroup);
        const Ended ended = run(bash("grep ^0:: /proc/self/cgroup"));
        ::_exit(forbidden && ended.output.find("/hocket-" + std::to_string(::getpid()) + "/run-0") !=
                                 std::string::npos
                    ? 0
                    : 1);
    }
    EXPECT_EQ(status_of(child), 0);
    std::error_code ignored;
    fs::remove(base_.parent_path() / ("hocket-" + std::to_string(child)), ignored);
}

/// A folder with the files of a leaf, as a machine with the controllers would have them.
class CgroupLimitsTest : public testing::Test {
protected:
    CgroupLimitsTest() {
        for (const char* name : {"memory.max", "memory.swap.max", "memory.oom.group", "cpu.max", "pids.max"})
            folder_.write(name, "");
    }

    CgroupLeaf leaf() {
        return {folder_.path(), "hocket-1/run-1",
                FileDescriptor(::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))};
    }
    std::string content(const std::string& name) { return read_file(folder_ / name, 100).value_or("?"); }

    test::TemporaryFolder folder_;
};

TEST_F(CgroupLimitsTest, AreWrittenAsTheKernelReadsThem) {
    leaf().limit({.memory_bytes = 1 << 20, .cpu_percent = 150, .tasks = 7});
    EXPECT_EQ(content("memory.max"), "1048576");
    EXPECT_EQ(content("memory.swap.max"), "0");
    EXPECT_EQ(content("memory.oom.group"), "1");
    EXPECT_EQ(content("cpu.max"), "150000 100000");
    EXPECT_EQ(content("pids.max"), "7");
}

TEST_F(CgroupLimitsTest, WhatIsNotLimitedIsLeftAlone) {
    leaf().limit({});
    for (const char* name : {"memory.max", "memory.swap.max", "memory.oom.group", "cpu.max", "pids.max"})
        EXPECT_EQ(content(name), "") << name;
}

TEST_F(CgroupLimitsTest, AKillForMemoryIsSeen) {
    EXPECT_FALSE(leaf().ran_out_of_memory());
    folder_.write("memory.events", "low 0\nhigh 0\nmax 12\noom 0\noom_kill 0\n");
    EXPECT_FALSE(leaf().ran_out_of_memory());
    folder_.write("memory.events", "low 0\nhigh 0\nmax 12\noom 1\noom_kill 3\n");
    EXPECT_TRUE(leaf().ran_out_of_memory());
}

TEST_F(CgroupTest, ControllersThatAreNotThereAreNamed) {
    CgroupFolder folder = open();
    const std::string there = read_file(base_ / "cgroup.controllers", 1000).value_or("");
    if (there.find("memory") != std::string::npos) GTEST_SKIP() << "this machine has it";
    const Result<void> enabled = folder.enable({.memory_bytes = 1, .cpu_percent = 50});
    ASSERT_FALSE(enabled);
    const std::string& text = enabled.error().message;
    EXPECT_NE(text.find(" memory"), std::string::npos) << text;
    EXPECT_NE(text.find("so these do not hold: memory_bytes, cpu_percent;"), std::string::npos) << text;
}

/// Needs a machine whose controllers are not taken by version 1.
class CgroupControllersTest : public ProcessTest {
protected:
    static constexpr CgroupLimits k_all{.memory_bytes = 64 << 20, .cpu_percent = 50, .tasks = 20};

    void SetUp() override {
        ProcessTest::SetUp();
        if (const auto folder = CgroupFolder::open("auto"); folder && *folder)
            own_ = (*folder)->path().parent_path();
        use(KillPath::cgroup);
        if (IsSkipped()) return;
        if (const Result<void> enabled = enable(k_all); !enabled) GTEST_SKIP() << enabled.error().message;
    }

    fs::path own_;

    Spec limited(const std::string& script) {
        Spec spec = bash(script);
        spec.cgroup_limits = k_all;
        return spec;
    }
};

TEST_F(CgroupControllersTest, TheKernelHasTheLimits) {
    const Ended ended = run(limited(R"(
        while read -r _ _ _ _ point _; do [[ -e $point/cgroup.controllers ]] && base=$point; done </proc/self/mountinfo
        while IFS=: read -r number _ path; do [[ $number == 0 ]] && folder=$base$path; done </proc/self/cgroup
        for name in memory.max memory.oom.group cpu.max pids.max; do echo $(<$folder/$name); done)"));
    EXPECT_EQ(ended.output, "67108864\n1\n50000 100000\n20\n") << ended.errors.text;
}

TEST_F(CgroupControllersTest, WhoTakesTooMuchMemoryIsKilledWithAllThatItStarted) {
    Spec spec = bash("sleep 600 & printf -v much '%60000000s' x; echo survived");
    spec.cgroup_limits.memory_bytes = 16 << 20;
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "signal 9");
    EXPECT_EQ(ended.output, "");
    EXPECT_TRUE(ended.ran_out_of_memory);
}

TEST_F(CgroupControllersTest, AfterItsEndTheBaseHoldsProcessesAgain) {
    const fs::path base = own_ / ("again-" + std::to_string(::getpid()));
    fs::create_directory(base);
    const pid_t child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    {
        CgroupFolder folder = std::move(**CgroupFolder::open(base.string()));
        ASSERT_TRUE(folder.enable(k_all));
        CgroupLeaf leaf = std::move(*folder.make_leaf(CgroupFolder::Contents::to_be_killed));
        leaf.limit(k_all);
        std::ofstream(folder.path() / "run-0/cgroup.procs") << child;
        ASSERT_FALSE(std::ofstream(base / "cgroup.procs") << ::getpid() << std::flush)
            << "else this tests nothing";
    }
    EXPECT_TRUE(std::ofstream(base / "cgroup.procs") << child << std::flush)
        << "as systemd does with the next hocketd";
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::rmdir((base / ("hocket-" + std::to_string(::getpid())) / "run-0").c_str());
    ::rmdir((base / ("hocket-" + std::to_string(::getpid()))).c_str());
    EXPECT_EQ(::rmdir(base.c_str()), 0);
}

TEST_F(CgroupControllersTest, WhoTakesLittleIsNot) {
    const Ended ended = run(limited("echo survived"));
    EXPECT_EQ(ended.output, "survived\n");
    EXPECT_FALSE(ended.ran_out_of_memory);
}

TEST_F(CgroupTest, WithoutLimitsNothingIsEnabled) {
    CgroupFolder folder = open();
    EXPECT_TRUE(folder.enable({}));
}

}  // namespace
}  // namespace hocket::process
