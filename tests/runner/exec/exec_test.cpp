#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/base/log.h"
#include "core/process/supervisor.h"

namespace hocket {

namespace {

using process::Ended;
using process::Spec;

constexpr std::uint32_t k_nobody = 65534;

/// hocket-exec by itself and under a Supervisor, with a copy that every user can execute.
class ExecTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = std::filesystem::temp_directory_path() / "hocket-exec-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
        ::chmod(name.c_str(), 0755);
    }

    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file(const std::string& name, const std::string& content, mode_t mode) {
        const std::filesystem::path path = folder_ / name;
        std::ofstream(path) << content;
        ::chmod(path.c_str(), mode);
        return path;
    }

    Spec spec(std::string executable, std::vector<std::string> argv) {
        Spec spec;
        spec.executable = std::move(executable);
        spec.argv = std::move(argv);
        spec.execution_id = "exec-test-" + std::to_string(::getpid());
        spec.environment = {"PATH=/usr/bin:/bin", "HOCKET_EXECUTION_ID=" + spec.execution_id};
        spec.working_directory = "/";
        spec.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        return spec;
    }

    Ended run(Spec spec) {
        boost::asio::io_context io;
        Log log(LogLevel::debug, logged_);
        process::Supervisor supervisor(io.get_executor(), {}, std::nullopt, log);
        std::optional<Ended> ended;
        supervisor.start(std::move(spec), {[&](Ended result) { ended = std::move(result); }});
        while (!ended && io.run_one_for(std::chrono::seconds(15)) > 0)
            continue;
        return ended ? std::move(*ended) : Ended{};
    }

    /// The program itself, with the words given.
    Ended run_exec(std::vector<std::string> words) {
        words.insert(words.begin(), "hocket-exec");
        return run(spec(HOCKET_EXEC, std::move(words)));
    }

    /// A bash script as another user, the way the daemon does it.
    Ended run_as_nobody(const std::string& script) {
        Spec wanted = spec("/bin/bash", {"bash", "-c", script});
        wanted.run_as = {HOCKET_EXEC, k_nobody, k_nobody, {5, 7}};
        return run(std::move(wanted));
    }

    std::string failure_as_nobody(const std::string& executable) {
        Spec wanted = spec(executable, {executable});
        wanted.run_as = {HOCKET_EXEC, k_nobody, k_nobody, {}};
        const Ended ended = run(std::move(wanted));
        const auto* failed = std::get_if<process::LaunchFailed>(&ended.end);
        return failed == nullptr ? "it did not fail" : failed->error.message;
    }

    static int exit_code(const Ended& ended) {
        const auto* exited = std::get_if<process::Exited>(&ended.end);
        return exited == nullptr ? -1 : exited->code;
    }

    std::filesystem::path folder_;
    std::string logged_;
};

class ExecAsRootTest : public ExecTest {
protected:
    void SetUp() override {
        ExecTest::SetUp();
        if (::geteuid() != 0) GTEST_SKIP() << "only root can become another user";
    }
};

// ---- the command line ------------------------------------------------------------------------------------------------

TEST_F(ExecTest, RefusesAnIncompleteCommandLine) {
    EXPECT_EQ(exit_code(run_exec({})), 64);
    EXPECT_EQ(exit_code(run_exec({"--uid", "1", "--gid", "1"})), 64);
    EXPECT_EQ(exit_code(run_exec({"--uid", "1", "--gid", "1", "--"})), 64);
    EXPECT_EQ(exit_code(run_exec({"--uid", "1", "--", "/bin/true"})), 64);
    EXPECT_EQ(exit_code(run_exec({"--uid"})), 64);
}

TEST_F(ExecTest, RefusesWhatIsNoNumber) {
    for (const char* number : {"", "-1", " 1", "1x", "0x1", "4294967295", "99999999999999999999"}) {
        EXPECT_EQ(exit_code(run_exec({"--uid", number, "--gid", "1", "--", "/bin/true"})), 64) << number;
    }
    for (const char* groups : {",", "1,", ",1", "1,,2", "1;2", "root"}) {
        EXPECT_EQ(exit_code(run_exec({"--uid", "1", "--gid", "1", "--groups", groups, "--", "/bin/true"})),
                  64)
            << groups;
    }
}

TEST_F(ExecTest, RefusesUnknownOptions) {
    const Ended ended = run_exec({"--user", "1", "--", "/bin/true"});
    EXPECT_EQ(exit_code(ended), 64);
    EXPECT_EQ(ended.errors.text, "hocket-exec: usage '--user': Invalid argument\n");
}

TEST_F(ExecTest, FailsWithoutTheRight) {
    if (::geteuid() == 0) GTEST_SKIP() << "root has the right";
    const Ended ended = run_exec({"--uid", "1", "--gid", "1", "--", "/bin/true"});
    EXPECT_EQ(exit_code(ended), 126);
    EXPECT_EQ(ended.errors.text, "hocket-exec: groups '/bin/true': Operation not permitted\n");
}

TEST_F(ExecAsRootTest, TellsWhatIsMissing) {
    const Ended ended = run_exec({"--uid", "1", "--gid", "1", "--", "/nowhere"});
    EXPECT_EQ(exit_code(ended), 126);
    EXPECT_EQ(ended.errors.text, "hocket-exec: execute '/nowhere': No such file or directory\n");
}

// ---- the identity ----------------------------------------------------------------------------------------------------

TEST_F(ExecAsRootTest, TakesOnAllIds) {
    EXPECT_EQ(run_as_nobody("grep -E '^(Uid|Gid|Groups)' /proc/self/status").output,
              "Uid:\t65534\t65534\t65534\t65534\nGid:\t65534\t65534\t65534\t65534\nGroups:\t5 7 \n");
}

TEST_F(ExecAsRootTest, HasNoCapabilities) {
    EXPECT_EQ(run_as_nobody("grep -hE '^Cap(Inh|Prm|Eff|Amb)' /proc/self/status | cut -f2 | sort -u").output,
              "0000000000000000\n");
}

TEST_F(ExecAsRootTest, LeavesNoWayBack) {
    const Ended ended = run_as_nobody(
        "exec python3 -c '\nimport os\n"
        "for name, regain in [(\"uid\", lambda: os.setresuid(0, 0, 0)), (\"gid\", lambda: os.setresgid(0, 0, "
        "0)),\n"
        "                     (\"groups\", lambda: os.setgroups([0])), (\"ruid\", lambda: os.setreuid(0, "
        "0))]:\n"
        "    try:\n        regain()\n        print(name, \"regained\")\n"
        "    except PermissionError:\n        print(name, \"refused\")\n'");
    EXPECT_EQ(ended.output, "uid refused\ngid refused\ngroups refused\nruid refused\n") << ended.errors.text;
}

TEST_F(ExecAsRootTest, SetsNoNewPrivileges) {
    EXPECT_EQ(run_as_nobody("grep NoNewPrivs /proc/self/status").output, "NoNewPrivs:\t1\n");
}

TEST_F(ExecAsRootTest, SetsLimits) {
    Spec wanted =
        spec("/bin/bash",
             {"bash", "-c", "ulimit -n; ulimit -u; ulimit -v; ulimit -c; ulimit -f; ulimit -t; ulimit -Ht"});
    wanted.run_as = {HOCKET_EXEC, k_nobody, k_nobody, {}};
    wanted.traits.limits = {.open_files = 60,
                            .processes = 900,
                            .address_space_bytes = 256 * 1024 * 1024,
                            .core_bytes = 0,
                            .file_bytes = 1024 * 1024,
                            .cpu_seconds = 60};
    EXPECT_EQ(run(std::move(wanted)).output, "60\n900\n262144\n0\n1024\n60\n61\n");
}

TEST_F(ExecAsRootTest, TheSignalOfTheParentsDeathOutlivesTheChangeOfIds) {
    Spec wanted = spec("/usr/bin/python3", {"python3", "-c",
                                            "import ctypes; n = ctypes.c_int(); "
                                            "ctypes.CDLL(None).prctl(2, ctypes.byref(n)); print(n.value)"});
    wanted.run_as = {HOCKET_EXEC, k_nobody, k_nobody, {}};
    wanted.traits.dies_with_us = true;
    EXPECT_EQ(run(std::move(wanted)).output, "9\n");
}

// ---- as the daemon uses it -------------------------------------------------------------------------------------------

TEST_F(ExecAsRootTest, KeepsArgumentsAndEnvironment) {
    Spec wanted =
        spec("/bin/sh", {"anything", "-c", "printf '%s|' \"$0\" \"$@\" \"$HOCKET_EXECUTION_ID\"", "a b", ""});
    wanted.run_as = {HOCKET_EXEC, k_nobody, k_nobody, {}};
    EXPECT_EQ(run(std::move(wanted)).output, "a b||exec-test-" + std::to_string(::getpid()) + "|");
}

TEST_F(ExecAsRootTest, LeavesOpenExactlyZeroToThree) {
    EXPECT_EQ(run_as_nobody("ls /proc/$$/fd; true").output, "0\n1\n2\n3\n");
}

TEST_F(ExecAsRootTest, LetsTheUserOpenHisPipesAgain) {
    const Ended ended = run_as_nobody("echo out >/dev/stdout; echo err >/dev/stderr; echo reply >/dev/fd/3");
    EXPECT_EQ(ended.output + ended.errors.text + ended.reply, "out\nerr\nreply\n");
}

TEST_F(ExecAsRootTest, TellsAnExitCodeFromAFailure) {
    EXPECT_EQ(exit_code(run_as_nobody("exit 126")), 126);
    EXPECT_EQ(exit_code(run_as_nobody("exit 127")), 127);
}

TEST_F(ExecAsRootTest, ReportsWhatCannotBeExecuted) {
    EXPECT_EQ(
        failure_as_nobody("/nowhere"),
        "as user 65534: cannot execute '/nowhere': there is no such file; check `run.command` and what is "
        "installed");
    const std::string script = file("bad", "#!/opt/none/python\n", 0755);
    EXPECT_EQ(failure_as_nobody(script),
              "as user 65534: cannot execute '" + script +
                  "': it exists, but its interpreter '#!/opt/none/python' does not; install "
                  "it or correct the first line");
    const std::string private_script = file("private", "#!/bin/sh\n", 0700);
    EXPECT_EQ(failure_as_nobody(private_script),
              "as user 65534: cannot execute '" + private_script +
                  "': permission denied: this user may not execute it, or its interpreter '#!/bin/sh'; look "
                  "at the modes "
                  "of the file and of all folders above it, and for a mount with noexec");
}

TEST_F(ExecAsRootTest, ReportsAMissingHelper) {
    Spec wanted = spec("/bin/true", {"true"});
    wanted.run_as = {"/nowhere/hocket-exec", k_nobody, k_nobody, {}};
    const Ended ended = run(std::move(wanted));
    ASSERT_TRUE(std::holds_alternative<process::LaunchFailed>(ended.end));
    EXPECT_EQ(std::get<process::LaunchFailed>(ended.end).error.message,
              "cannot execute '/nowhere/hocket-exec': there is no such file; check `run.command` and what is "
              "installed");
}

TEST_F(ExecAsRootTest, EndsTheTreeOfAnotherUser) {
    const Ended ended = run_as_nobody("setsid sleep 1000 </dev/null >/dev/null 2>&1 3>&- & exit 0");
    EXPECT_EQ(exit_code(ended), 0);
    EXPECT_EQ(ended.killed_orphans, 1U);
}

}  // namespace

}  // namespace hocket
