#include "core/process/launch.h"

#include <csignal>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/process/pidfd.h"
#include "core/process/pipe.h"
#include "tests/core/process/process_fixture.h"

namespace hocket::process {

namespace {

/// What a child finds around it.
class LaunchTest : public ProcessTest {
protected:
    std::string output_of(const std::string& script) { return run(bash(script)).output; }

    std::string failure_of(const std::string& executable) {
        Spec spec = bash("");
        spec.executable = executable;
        const Ended ended = run(std::move(spec));
        const auto* failed = std::get_if<LaunchFailed>(&ended.end);
        return failed == nullptr ? to_string(ended.end) : failed->error.message;
    }

    std::string cannot_execute(const std::string& path, const std::string& why) {
        return "cannot execute '" + path + "': " + why;
    }
};

TEST_F(LaunchTest, GivesTheEnvironmentExactlyAsItIs) {
    Spec spec = bash("");
    spec.executable = "/usr/bin/env";
    spec.argv = {"env", "-0"};
    spec.environment = {"B=2", "A=one\ntwo", "EMPTY=", "HOCKET_EXECUTION_ID=" + spec.execution_id};
    const std::string id = spec.execution_id;
    using namespace std::string_literals;
    EXPECT_EQ(run(std::move(spec)).output, "B=2\0A=one\ntwo\0EMPTY=\0HOCKET_EXECUTION_ID="s + id + "\0"s);
}

TEST_F(LaunchTest, GivesTheArgumentsExactlyAsTheyAre) {
    Spec spec = bash("");
    spec.argv = {"name", "-c", "printf '[%s]' \"$0\" \"$@\"", "zero", "", "a b", "*"};
    EXPECT_EQ(run(std::move(spec)).output, "[zero][][a b][*]");
}

TEST_F(LaunchTest, LeavesOpenExactlyZeroToThree) {
    const FileDescriptor inheritable(::open("/dev/null", O_RDONLY));
    EXPECT_EQ(output_of("ls /proc/$$/fd; true"), "0\n1\n2\n3\n");
}

TEST_F(LaunchTest, MakesThreePipesThatBlock) {
    EXPECT_EQ(output_of("for n in 1 2 3; do [[ -p /dev/fd/$n ]] && echo pipe; done; "
                        "grep -h flags /proc/$$/fdinfo/[123] | sort -u"),
              "pipe\npipe\npipe\nflags:\t01\n");
}

TEST_F(LaunchTest, GivesAnInputThatCanBeReadAgainAndNotBeChanged) {
    Spec spec =
        bash("cat; cat /dev/stdin; { echo more >>/dev/stdin; : >/dev/stdin; } 2>/dev/null; cat /dev/stdin");
    spec.input = "input\n";
    EXPECT_EQ(run(std::move(spec)).output, "input\ninput\ninput\n");
}

/// Open descriptors, so that a landing has a number above them.
std::vector<FileDescriptor> open_many(int count) {
    std::vector<FileDescriptor> opened;
    for (int number = 0; number < count; ++number)
        opened.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    return opened;
}

/// How many descriptors of ours are an end of that pipe.
int names_of_pipe(int end) {
    struct stat pipe{};
    ::fstat(end, &pipe);
    int names = 0;
    for (int number = 0; number < 1024; ++number) {
        struct stat other{};
        names += ::fstat(number, &other) == 0 && other.st_ino == pipe.st_ino && other.st_dev == pipe.st_dev
                     ? 1
                     : 0;
    }
    return names;
}

/// What `launcher` runs must see its four descriptors and no other, and leave nothing behind in this process.
void expect_launches_well(Launcher& launcher) {
    Result<Pipe> pipe = make_pipe();
    const FileDescriptor null = above_the_childs(FileDescriptor(::open("/dev/null", O_RDWR | O_CLOEXEC)));
    LaunchRequest request;
    request.executable = "/bin/bash";
    request.argv = {"bash", "-c", "ls -x /proc/$$/fd; readlink /proc/$$/fd/0"};
    request.working_directory = "/";
    request.descriptors = {null.get(), pipe->writer.get(), null.get(), null.get()};
    const Result<Launched> launched = launcher.launch(request);
    ASSERT_TRUE(launched) << launched.error().message;
    pipe->writer.reset();  // now the child has the only one
    std::string output;
    char buffer[64];
    for (ssize_t count = 0; (count = ::read(pipe->reader.get(), buffer, sizeof buffer)) > 0;)
        output.append(buffer, static_cast<std::size_t>(count));
    EXPECT_EQ(reap_now(launched->pidfd), std::optional(0));
    EXPECT_EQ(output, "0  1  2  3\n/dev/null\n");
    EXPECT_EQ(names_of_pipe(pipe->reader.get()), 1) << "a landing still holds the pipe";
}

TEST(Launcher, LandsBelowManyDescriptors) {
    Launcher launcher;
    EXPECT_TRUE(launcher.has_landings());
    const std::vector<FileDescriptor> many = open_many(200);
    expect_launches_well(launcher);
    expect_launches_well(launcher);
}

TEST(Launcher, LandsAboveManyDescriptors) {
    const std::vector<FileDescriptor> many = open_many(200);
    Launcher launcher;
    expect_launches_well(launcher);
}

TEST(Launcher, WorksWithoutDescriptorsOfItsOwn) {
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit few{count_open_descriptors() + 3, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    Launcher launcher;
    EXPECT_FALSE(launcher.has_landings());
    ::setrlimit(RLIMIT_NOFILE, &before);
    expect_launches_well(launcher);
}

TEST_F(LaunchTest, WorksWithoutStandardDescriptors) {
    // Then the first pipes get the numbers 0 to 2, which a child must not lose by placing another there.
    std::vector<FileDescriptor> saved;
    for (int number = 0; number < 3; ++number)
        saved.emplace_back(::fcntl(number, F_DUPFD_CLOEXEC, 100));
    for (int number = 0; number < 3; ++number)
        ::close(number);
    Spec spec = bash("cat; echo error >&2; echo reply >&3");
    spec.input = "input";
    const Ended ended = run(std::move(spec));
    for (int number = 0; number < 3; ++number)
        ::dup2(saved[static_cast<std::size_t>(number)].get(), number);
    EXPECT_EQ(ended.output + ended.errors.text + ended.reply, "inputerror\nreply\n");
}

TEST_F(LaunchTest, BeginsASession) {
    EXPECT_EQ(
        output_of("read -r _ _ _ _ group session _ </proc/$$/stat; echo $((group == $$)) $((session == $$))"),
        "1 1\n");
}

TEST_F(LaunchTest, ResetsSignals) {
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    std::signal(SIGUSR2, SIG_IGN);
    const std::string signals = output_of("grep -E '^Sig(Blk|Ign)' /proc/self/status");
    std::signal(SIGUSR2, SIG_DFL);
    sigprocmask(SIG_SETMASK, &before, nullptr);
    EXPECT_EQ(signals, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(LaunchTest, KeepsOurOwnSignalMask) {
    sigset_t before;
    sigset_t after;
    sigprocmask(SIG_SETMASK, nullptr, &before);
    output_of("true");
    sigprocmask(SIG_SETMASK, nullptr, &after);
    for (int number = 1; number < NSIG; ++number) {
        EXPECT_EQ(sigismember(&before, number), sigismember(&after, number)) << number;
    }
}

TEST_F(LaunchTest, ResetsTheUmask) {
    const mode_t before = ::umask(0077);
    EXPECT_EQ(output_of("umask"), "0022\n");
    EXPECT_EQ(::umask(before), 0077U);
}

TEST_F(LaunchTest, EntersTheFolder) {
    EXPECT_EQ(output_of("pwd"), folder().string() + "\n");
}

TEST_F(LaunchTest, SetsNoNewPrivilegesUnlessTold) {
    const std::string script = "grep NoNewPrivs /proc/self/status";
    EXPECT_EQ(output_of(script), "NoNewPrivs:\t1\n");
    Spec spec = bash(script);
    spec.traits.no_new_privileges = false;
    EXPECT_EQ(run(std::move(spec)).output, "NoNewPrivs:\t0\n");
}

TEST_F(LaunchTest, SetsLimits) {
    Spec spec = bash("ulimit -n; ulimit -Hn; ulimit -v; ulimit -c; ulimit -f");
    spec.traits.limits.open_files = 77;
    spec.traits.limits.address_space_bytes = 512 * 1024 * 1024;
    spec.traits.limits.file_bytes = 1024 * 1024;
    EXPECT_EQ(run(std::move(spec)).output, "77\n77\n524288\n0\n1024\n");
}

TEST_F(LaunchTest, PutsTheSoftLimitOfOpenFilesBack) {
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    if (before.rlim_max < 2048) GTEST_SKIP() << "the hard limit of open files is too low";
    const rlimit raised{2048, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &raised);
    EXPECT_EQ(output_of("ulimit -Sn; ulimit -Hn"), "1024\n" + std::to_string(before.rlim_max) + "\n");
    ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(LaunchTest, WorksFromALargeProcess) {
    constexpr std::size_t k_size = 500UL * 1024 * 1024;
    void* const memory =
        ::mmap(nullptr, k_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    std::vector<FileDescriptor> descriptors;
    for (int count = 0; count < 900; ++count)
        descriptors.emplace_back(::open("/dev/null", O_RDONLY));
    EXPECT_EQ(output_of("ls /proc/$$/fd; true"), "0\n1\n2\n3\n");
    ::munmap(memory, k_size);
}

TEST_F(LaunchTest, NamesAMissingFile) {
    const std::string path = folder() / "missing";
    EXPECT_EQ(failure_of(path),
              cannot_execute(path, "there is no such file; check `run.command` and what is installed"));
}

TEST_F(LaunchTest, NamesAMissingInterpreter) {
    const std::string path = file("agent", "#!/opt/none/python -u\n");
    EXPECT_EQ(failure_of(path),
              cannot_execute(path,
                             "it exists, but its interpreter '#!/opt/none/python -u' does not; install it or "
                             "correct the first line"));
}

TEST_F(LaunchTest, ShowsAWindowsLineEnd) {
    const std::string path = file("agent", "#!/bin/sh\r\necho hello\r\n");
    EXPECT_NE(failure_of(path).find("its interpreter would be '#!/bin/sh\\r'; try: sed -i 's/\\r$//'"),
              std::string::npos)
        << failure_of(path);
}

TEST_F(LaunchTest, TellsHowToMakeAFileExecutable) {
    const std::string path = file("agent", "#!/bin/sh\n", 0644);
    EXPECT_EQ(failure_of(path), cannot_execute(path, "it is not executable; try: chmod +x " + path));
}

TEST_F(LaunchTest, NamesAFolder) {
    EXPECT_EQ(failure_of(folder()), cannot_execute(folder(), "it is a folder, not a program"));
}

TEST_F(LaunchTest, NamesAFileThatIsNoProgram) {
    const std::string path = file("agent", "echo hello\n");
    EXPECT_EQ(
        failure_of(path),
        cannot_execute(path, "it is neither a program for this machine nor a script that begins with '#!'"));
}

TEST_F(LaunchTest, NamesAMissingWorkingFolder) {
    Spec spec = bash("");
    spec.working_directory = "/nowhere";
    EXPECT_EQ(to_string(run(std::move(spec)).end),
              "launch failed: cannot execute '/bin/bash': cannot enter its folder '/nowhere': No such file "
              "or directory");
}

TEST_F(LaunchTest, RefusesToCutArguments) {
    using namespace std::string_literals;
    Spec spec = bash("");
    spec.argv.push_back("a\0b"s);
    EXPECT_EQ(
        to_string(run(std::move(spec)).end),
        "launch failed: cannot execute '/bin/bash': an argument, a variable or a path holds U+0000, which no "
        "program can be given");
}

TEST_F(LaunchTest, ReportsTooManyOpenFiles) {
    run(bash(""));
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    const rlimit few{count_open_descriptors() + 1, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    const std::string end = to_string(run(bash("")).end);
    ::setrlimit(RLIMIT_NOFILE, &before);
    EXPECT_EQ(
        end,
        "launch failed: cannot make a pipe for a child: Too many open files; if descriptors ran out, raise "
        "LimitNOFILE");
}

TEST_F(LaunchTest, ChildGetsItsUmaskAndItsPlaceInTheQueues) {
    Spec spec = bash("umask; nice; ionice -p $$");
    spec.traits.umask = 077;
    spec.traits.nice = 19;  // never below our own
    spec.traits.io_class = IoClass::best_effort;
    spec.traits.io_level = 6;
    EXPECT_EQ(run(std::move(spec)).output, "0077\n19\nbest-effort: prio 6\n");
    Spec idle = bash("umask; ionice -p $$");
    idle.traits.io_class = IoClass::idle;
    EXPECT_EQ(run(std::move(idle)).output, "0022\nidle\n");
}

TEST_F(LaunchTest, ScratchFolderIsTheExecutionsAloneAndGoesWithIt) {
    const std::filesystem::path scratch = folder() / "scratch";
    Spec spec =
        bash("stat -c '%a %u' scratch; mkdir scratch/sub; echo x >scratch/sub/file; ln -s / scratch/root");
    spec.scratch_folder = scratch;
    EXPECT_EQ(run(std::move(spec)).output, "700 " + std::to_string(::getuid()) + "\n");
    drive_until([&] { return !std::filesystem::exists(scratch) && supervised() == 0; });
}

TEST_F(LaunchTest, ScratchFolderThatIsThereAlreadyIsNotTaken) {
    Spec spec = bash("echo ran");
    spec.scratch_folder = folder();
    const std::string end = to_string(run(std::move(spec)).end);
    EXPECT_NE(end.find("File exists; look at [exec] tmp_folder"), std::string::npos) << end;
    EXPECT_TRUE(std::filesystem::exists(folder()));
}

TEST_F(LaunchTest, ScratchFolderGoesWithTheSupervisorToo) {
    Spec spec = bash("touch scratch/file; echo up; sleep 600");
    spec.scratch_folder = folder() / "scratch";
    const auto child = start(std::move(spec));
    drive_until([&] { return child->heard[Channel::output] == "up\n"; });
    stop_supervisor();
    EXPECT_FALSE(std::filesystem::exists(folder() / "scratch"));
}

TEST_F(LaunchTest, ScratchFolderOfAChildThatCannotStartGoes) {
    Spec spec = bash("");
    spec.executable = "/no/such/program";
    spec.scratch_folder = folder() / "scratch";
    run(std::move(spec));
    EXPECT_FALSE(std::filesystem::exists(folder() / "scratch"));
}

TEST_F(LaunchTest, FilesForItAreInTheScratchFolder) {
    Spec spec = bash("cd scratch; stat -c '%a %n' *; cat given; echo more >>given");
    spec.scratch_folder = folder() / "scratch";
    spec.scratch_files = {{"given", "text\n"}, {"empty", ""}};
    EXPECT_EQ(run(std::move(spec)).output, "600 empty\n600 given\ntext\n");
    EXPECT_FALSE(std::filesystem::exists(folder() / "scratch"));
}

TEST_F(LaunchTest, AReplyFileIsTheReplyAndStdoutIsLog) {
    Spec spec = bash("head -c 9000 /dev/zero; echo out; echo reply >scratch/reply; [[ ! -e /dev/fd/3 ]]");
    spec.scratch_folder = folder() / "scratch";
    spec.scratch_files = {{"reply", ""}};
    spec.reply_file = "reply";
    spec.max_output_bytes = 10;
    spec.max_stderr_bytes = 100;
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "exit 0");
    EXPECT_EQ(ended.reply, "reply\n");
    EXPECT_TRUE(ended.reply_used);
    EXPECT_TRUE(ended.output.ends_with("out\n")) << ended.output;
}

TEST_F(LaunchTest, AFolderInThePlaceOfItsOwnLosesNothing) {
    Spec spec = bash(
        "mkdir victim; echo kept >victim/reply; mv scratch moved; ln -s victim scratch; echo reply "
        ">moved/reply");
    spec.scratch_folder = folder() / "scratch";
    spec.scratch_files = {{"reply", ""}};
    spec.reply_file = "reply";
    EXPECT_EQ(run(std::move(spec)).reply, "reply\n");
    drive_until([&] { return supervised() == 0; });
    EXPECT_EQ(read_file(folder() / "victim/reply", 100).value_or(""), "kept\n");
    EXPECT_FALSE(std::filesystem::exists(folder() / "moved/reply"));
}

TEST_F(LaunchTest, AReplyFileCountsWithExitCodeZeroAlone) {
    Spec spec = bash("echo reply >scratch/reply; exit 3");
    spec.scratch_folder = folder() / "scratch";
    spec.scratch_files = {{"reply", ""}};
    spec.reply_file = "reply";
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(to_string(ended.end), "exit 3");
    EXPECT_FALSE(ended.reply_used);
}

TEST_F(LaunchTest, AReplyFileHasALimit) {
    Spec spec = bash("printf 12345678901 >scratch/reply");
    spec.scratch_folder = folder() / "scratch";
    spec.scratch_files = {{"reply", ""}};
    spec.reply_file = "reply";
    spec.max_output_bytes = 10;
    EXPECT_EQ(to_string(run(std::move(spec)).end), "too large");
}

TEST_F(LaunchTest, ProcessorTimeIsLimited) {
    Spec spec = bash("ulimit -t; ulimit -Ht; while :; do :; done");
    spec.traits.limits.cpu_seconds = 1;
    const Ended ended = run(std::move(spec));
    EXPECT_EQ(ended.output, "1\n2\n");
    EXPECT_EQ(to_string(ended.end), "signal " + std::to_string(SIGXCPU));
}

}  // namespace

}  // namespace hocket::process
