#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "core/base/log.h"
#include "core/process/cgroup.h"
#include "core/process/handle.h"
#include "core/process/launch.h"
#include "core/process/listener.h"
#include "core/process/scratch_folder.h"
#include "core/process/spec.h"
#include "core/process/watch.h"

namespace hocket::process {

class Execution;
class Forest;

/// Runs programs as children and ends everything that they start.
///
/// One for each process: it makes the process a subreaper, ignores SIGPIPE and gives SIGCHLD its default action. While it
/// lives nobody may wait for "any child", and other children of this process must stay in its session.
///
/// When the leader exits by itself, descendants are left alone until the reply channel is at its end or drain_ms have
/// passed; then they are killed (Orphans::kill), without TERM. When the deadline passes while the leader runs: TERM to
/// the whole tree, grace_ms, KILL. When a cap is passed: KILL. Ended is delivered when nothing of the tree is left, or
/// when something has not gone two seconds after KILL.
///
/// Thread: io thread only.
/// Owns:   the executions; destroying it calls nobody and kills their trees (within a second, and ten more at most for folders of
///         temporary files). What was kept lives on, and so do the trees of AtStop::leave whose leader still runs.
class Supervisor {
public:
    struct Options {
        /// Orphans whose execution is not known are looked at six times in this span.
        std::chrono::milliseconds orphan_max_ms{60000};
        /// The path of hocket-linger, for AtStop::leave; empty: nobody is left.
        std::string linger_helper = {};
    };

    /// cgroup: from CgroupFolder::open(), or nothing.
    Supervisor(boost::asio::any_io_executor executor, Options options, std::optional<CgroupFolder> cgroup,
               Log& log);
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    /// Lets executions have limits of these kinds (CgroupFolder::enable). Errors: io; also when there is no cgroup.
    Result<void> enable(const CgroupLimits& kinds);

    /// The listener is never called from inside start().
    Handle start(Spec spec, Listener listener);

    /// Executions that are not gone yet.
    std::size_t running() const;

private:
    void fail(Error error, const Listener& listener);
    void remove(const ScratchFolder& folder);
    void remove_before_the_end();
    void on_gone(std::uint64_t number, std::function<void()> gone);
    void tend();

    boost::asio::any_io_executor executor_;
    Launcher launcher_;
    std::optional<CgroupFolder> cgroup_;
    Log& log_;
    std::unique_ptr<Forest> forest_;
    std::map<std::uint64_t, std::shared_ptr<Execution>> executions_;
    std::uint64_t next_number_ = 0;
    std::set<std::string> scratch_folders_;  ///< that are being removed
    std::string linger_helper_;
    std::chrono::milliseconds tend_interval_;
    Timer tend_timer_;
    bool tending_ = false;
    std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace hocket::process
