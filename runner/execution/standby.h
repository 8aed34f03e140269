#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/process/supervisor.h"
#include "core/process/watch.h"
#include "runner/execution/json_contract.h"
#include "runner/execution/program_stamp.h"

namespace hocket::execution {

/// Processes that were started ahead and wait for their stdin (`run.standby`), so that a call need not wait for an
/// interpreter. Each still serves one call. How many wait depends on how many are asked for: one at first, one more up to
/// `run.standby` whenever there was none, one less after a while in which none was wanted.
///
/// One that ends or prints before it was given a request takes its input from elsewhere, so its agent gets none any more until
/// the agents are loaded anew. One that is killed from outside (SIGKILL) is replaced, until more than `run.standby` were within
/// `calm`: then there are none any more either. One that is too old, or whose program has changed, is ended; so are those used the longest
/// time ago, when all together take too much memory. What could not be started is tried again later.
///
/// Thread: io thread only.
/// Owns:   nothing: the waiting processes end with the supervisor. The event loop must not run after it is gone, and before the
///         supervisor is.
class Standby {
public:
    struct Options {
        std::chrono::milliseconds oldest{600'000};  ///< then a process is replaced
        std::chrono::milliseconds calm{60'000};     ///< after which one less waits
        std::chrono::milliseconds pause{10};        ///< between two starts
    };

    /// A process that waits, or waited.
    struct Child {
        std::string id;
        process::Spec spec;  ///< as it was started
        process::Handle handle;
        ProgramStamp stamp;
        std::chrono::steady_clock::time_point born;
        process::Listener listener;  ///< whom it belongs to
    };

    struct Parts {
        boost::asio::any_io_executor executor;
        process::Supervisor& supervisor;
        const JsonContract& json;
        const Surroundings& surroundings;
        const Clock& clock;
        Log& log;
    };

    Standby(Parts parts, Options options);

    /// These agents are to be ready, if their DDLs say so, and no others. Whatever waits now is ended.
    void serve(const std::vector<std::shared_ptr<const agents::InstalledAgent>>& agents);

    /// A process for one call, which is not on standby any more; null if there is none.
    std::shared_ptr<Child> take(const agents::InstalledAgent& agent);

    /// Gives it all of its stdin, and whom to tell of its end.
    static void employ(Child& child, std::string input, std::chrono::steady_clock::time_point deadline,
                       process::Listener listener);

    /// Those that wait, of all agents.
    std::vector<pid_t> pids() const;
    int waiting() const { return static_cast<int>(pids().size()); }

    /// Resident, of all that wait.
    std::size_t bytes() const;

private:
    struct Pool {
        std::shared_ptr<const agents::InstalledAgent> agent;
        std::list<std::shared_ptr<Child>> waiting;  ///< the oldest first
        int wanted = 1;
        bool is_failing = false;  ///< the last one could not be started, as the log says
        bool is_resting = false;  ///< it is not tried again until the next look
        std::size_t bytes = 0;    ///< that one of them took when it was last looked at
        std::chrono::steady_clock::time_point used_at;
        std::chrono::steady_clock::time_point calm_since;
        std::vector<std::chrono::steady_clock::time_point> kills;  ///< from outside, not long ago
    };
    using Pools = std::map<const agents::InstalledAgent*, Pool>;

    void start_one(Pool& pool);
    void on_ended_early(const agents::InstalledAgent* agent, const std::shared_ptr<Child>& child,
                        const process::Ended& ended);
    void on_kill(Pool& pool, const std::shared_ptr<Child>& child, const process::Ended& ended);
    void on_early_sign(const agents::InstalledAgent* agent, const std::string& what);
    void switch_off(const agents::InstalledAgent* agent, const std::string& event, const std::string& what,
                    const std::string& remedy);
    void end_all(Pool& pool);
    void refill();
    void refill_soon();
    void tend();
    bool has_room_for(Pool& pool);
    void end_least_used();

    Parts parts_;
    Options options_;
    Pools pools_;
    process::Timer refill_timer_;
    process::Timer tend_timer_;
    bool is_refilling_ = false;
    bool is_over_memory_ = false;
};

}  // namespace hocket::execution
