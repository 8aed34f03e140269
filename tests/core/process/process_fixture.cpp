#include "tests/core/process/process_fixture.h"

#include <csignal>
#include <dirent.h>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <variant>

#include "core/process/proc.h"

namespace hocket::process {

namespace {

constexpr std::chrono::seconds k_patience{10};

std::filesystem::path make_folder() {
    std::string name = std::filesystem::temp_directory_path() / "hocket-process-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) return {};
    ::chmod(name.c_str(), 0755);
    return name;
}

/// So that a test that fails does not spoil the next one.
void kill_children() {
    std::vector<pid_t> children;
    append_children(::getpid(), children);
    for (const pid_t child : children) {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
    }
}

}  // namespace

ProcessTest::ProcessTest() : folder_(make_folder()), log_(LogLevel::debug, logged_) {}

ProcessTest::~ProcessTest() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void ProcessTest::SetUp() {
    ASSERT_FALSE(has_children());
    const Timer first_of_the_event_loop(io_.get_executor());  // which opens its epoll now
    descriptors_before_ = count_open_descriptors();
}

void ProcessTest::TearDown() {
    stop_supervisor();
    cgroup_.reset();
    io_.restart();
    io_.poll();
    EXPECT_EQ(count_open_descriptors(), descriptors_before_);
    EXPECT_FALSE(has_children());
    kill_children();
}

void ProcessTest::use(KillPath path) {
    if (path == KillPath::sweep) return;
    Result<std::optional<CgroupFolder>> folder = CgroupFolder::open("auto");
    ASSERT_TRUE(folder) << folder.error().message;
    if (!*folder) GTEST_SKIP() << "no writable cgroup v2 folder here: only the sweep is tested";
    cgroup_.emplace(std::move(**folder));
}

Supervisor& ProcessTest::supervisor() {
    if (!supervisor_) {
        supervisor_ = std::make_unique<Supervisor>(io_.get_executor(), options_, std::move(cgroup_), log_);
        cgroup_.reset();
    }
    return *supervisor_;
}

Spec ProcessTest::bash(const std::string& script) {
    static int number = 0;
    Spec spec;
    spec.execution_id = "test-" + std::to_string(::getpid()) + "-" + std::to_string(number++);
    spec.executable = "/bin/bash";
    spec.argv = {"bash", "-c", script};
    spec.environment = {"PATH=/usr/bin:/bin", "HOCKET_EXECUTION_ID=" + spec.execution_id};
    spec.working_directory = folder_;
    spec.deadline = in(k_patience);
    return spec;
}

Ended ProcessTest::run(Spec spec) {
    const std::shared_ptr<Started> started = start(std::move(spec));
    drive_until([&] { return started->gone; });
    if (!started->ended) return {};
    return std::move(*started->ended);
}

std::shared_ptr<ProcessTest::Started> ProcessTest::start(Spec spec) {
    auto started = std::make_shared<Started>();
    started->handle = supervisor().start(
        std::move(spec), {.done =
                              [started](Ended ended) {
                                  EXPECT_FALSE(started->ended) << "done was called twice";
                                  started->ended = std::move(ended);
                              },
                          .gone =
                              [started] {
                                  EXPECT_TRUE(started->ended) << "gone came before done";
                                  EXPECT_FALSE(started->gone) << "gone was called twice";
                                  started->gone = true;
                              },
                          .heard =
                              [started](Channel channel, std::string_view bytes) {
                                  EXPECT_FALSE(started->ended) << "heard was called after done";
                                  started->heard[channel] += bytes;
                              }});
    EXPECT_FALSE(started->ended) << "done was called from inside start()";
    return started;
}

void ProcessTest::drive_until(const std::function<bool()>& condition) {
    const auto limit = in(k_patience);
    io_.restart();
    while (!condition()) {
        ASSERT_LT(std::chrono::steady_clock::now(), limit) << "it did not happen";
        io_.run_one_for(std::chrono::milliseconds(20));
        if (io_.stopped()) io_.restart();
    }
}

std::string ProcessTest::file(const std::string& name, const std::string& content, unsigned mode) {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path) << content;
    ::chmod(path.c_str(), static_cast<mode_t>(mode));
    return path;
}

bool is_alive(pid_t pid) {
    const std::optional<ProcessStatus> status = read_status(pid);
    return status && status->state != 'Z' && status->state != 'X';
}

bool is_alive(const std::string& pid) {
    return is_alive(static_cast<pid_t>(std::stol(pid)));
}

std::size_t count_open_descriptors() {
    const std::filesystem::directory_iterator entries("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

bool has_children() {
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

std::chrono::steady_clock::time_point in(std::chrono::milliseconds delay) {
    return std::chrono::steady_clock::now() + delay;
}

std::string to_string(const End& end) {
    struct Names {
        std::string operator()(const Exited& exited) const { return "exit " + std::to_string(exited.code); }
        std::string operator()(const Signaled& signaled) const {
            return "signal " + std::to_string(signaled.signal);
        }
        std::string operator()(const TimedOut&) const { return "timed out"; }
        std::string operator()(const OutputTooLarge&) const { return "too large"; }
        std::string operator()(const Stopped&) const { return "stopped"; }
        std::string operator()(const Replied&) const { return "replied"; }
        std::string operator()(const LaunchFailed& failed) const {
            return "launch failed: " + failed.error.message;
        }
    };
    return std::visit(Names{}, end);
}

}  // namespace hocket::process
