#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/base/log.h"
#include "core/process/supervisor.h"

namespace hocket::process {

/// Where a sweep is tested, it is tested with a cgroup and without.
enum class KillPath { sweep, cgroup };

/// Runs bash scripts under a supervisor, and fails if a test leaves a descriptor or a child behind.
class ProcessTest : public testing::Test {
protected:
    ProcessTest();
    ~ProcessTest() override;

    void SetUp() override;
    void TearDown() override;

    /// Before the first start(). Skips the test where no cgroup can be written.
    void use(KillPath path);

    /// A script for bash with a deadline that a test never reaches unless it means to.
    Spec bash(const std::string& script);

    /// Starts it and drives the event loop until it is gone.
    Ended run(Spec spec);

    /// What start() was given back, and when.
    struct Started {
        std::optional<Ended> ended;
        bool gone = false;
        Handle handle;
        std::map<Channel, std::string> heard;
    };
    std::shared_ptr<Started> start(Spec spec);

    /// Drives the event loop; fails the test if it takes longer than ten seconds.
    void drive_until(const std::function<bool()>& condition);

    void stop_supervisor() { supervisor_.reset(); }
    Result<void> enable(const CgroupLimits& kinds) { return supervisor().enable(kinds); }
    std::size_t supervised() { return supervisor().running(); }

    std::filesystem::path folder() const { return folder_; }
    std::string file(const std::string& name, const std::string& content, unsigned mode = 0755);
    std::string logged() const { return logged_; }

    boost::asio::io_context io_;
    Supervisor::Options options_{.orphan_max_ms = std::chrono::milliseconds(120)};

private:
    Supervisor& supervisor();

    std::filesystem::path folder_;
    std::string logged_;
    Log log_;
    std::optional<CgroupFolder> cgroup_;
    std::unique_ptr<Supervisor> supervisor_;
    std::size_t descriptors_before_ = 0;
};

/// Whether a process with this number exists and is no zombie.
bool is_alive(pid_t pid);
bool is_alive(const std::string& pid);

std::size_t count_open_descriptors();
bool has_children();

std::chrono::steady_clock::time_point in(std::chrono::milliseconds delay);

/// "exit 3", "signal 9", "timed out", …: for comparisons that print well.
std::string to_string(const End& end);

/// A child in a session of its own with an empty environment; leaves its number in $escaped.
inline constexpr const char* k_escape_without_marks = R"(
    setsid env -i /bin/sleep 1000 </dev/null >/dev/null 2>&1 3>&- &
    escaped=$!
    until [[ $(tr '\0' ' ' </proc/$escaped/cmdline) == "/bin/sleep 1000 " ]]; do :; done
)";

/// The same, and its parent is gone as well.
inline constexpr const char* k_double_fork_without_marks = R"(
    escaped=$(setsid env -i /bin/sleep 1000 </dev/null >/dev/null 2>&1 3>&- & echo $!)
    until [[ $(tr '\0' ' ' </proc/$escaped/cmdline) == "/bin/sleep 1000 " ]]; do :; done
)";

}  // namespace hocket::process
