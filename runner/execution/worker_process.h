#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/log.h"
#include "core/process/capture.h"
#include "core/process/supervisor.h"
#include "core/process/watch.h"
#include "runner/execution/job.h"
#include "runner/execution/json_contract.h"
#include "runner/execution/observer.h"
#include "runner/execution/program_stamp.h"

namespace hocket::execution {

/// One process of contract `worker`, from its start until it is gone (spec/agent.md, worker): it is given jobs, each by a
/// line, and answers each by a line. When it breaks the contract, dies, or takes longer for a job than the DDL allows, its whole
/// tree is ended and all its jobs are answered. A caller who waits less is told at his deadline; the job goes on.
///
///     serving ──retire()──▶ retiring ──last answer──▶ leaving (end of stdin) ──exit, or drain over──▶ gone
///        └─────────────────────┴── deadline, bad line, exit ──▶ ending ──▶ gone
///
/// Thread: io thread only. Always held by a shared_ptr: the process's listener holds it too.
class WorkerProcess : public std::enable_shared_from_this<WorkerProcess> {
public:
    struct Parts {
        boost::asio::any_io_executor executor;
        process::Supervisor& supervisor;
        const JsonContract& json;
        const Surroundings& surroundings;
        Log& log;
        Observer* observer;  ///< may be null
    };

    /// `retired`: it takes no more jobs; called once, never from inside start() or give().
    WorkerProcess(Parts parts, std::shared_ptr<const agents::InstalledAgent> agent,
                  std::function<void()> retired);
    WorkerProcess(const WorkerProcess&) = delete;
    WorkerProcess& operator=(const WorkerProcess&) = delete;

    void start(std::string execution_id);

    pid_t pid() const { return handle_.pid(); }

    /// Whether it is what the agent's files hold now; if not, retire() it.
    bool is_current() const { return stamp_.is_current(); }

    /// False when it would never get a job: its stdin, or it, is gone. Then retire() it, too.
    bool is_reading() const { return handle_.is_running() && handle_.unread_input().has_value(); }

    /// Jobs that it can be given at once, on top of those that it has.
    int room() const;

    void give(std::shared_ptr<Job> job);

    /// No more jobs; it goes when it has answered those that it has.
    void retire();

private:
    enum class Phase { serving, retiring, leaving, ending };
    using Moment = std::chrono::steady_clock::time_point;

    /// A job in flight. Its caller waits until the deadline of its context; the worker has the time of the DDL for it.
    struct Given {
        std::shared_ptr<Job> job;
        Moment until;
    };

    void on_heard(process::Channel channel, std::string_view bytes);
    void on_line(const std::string& line);
    void answer(const std::shared_ptr<Job>& job, AgentResult result);
    bool is_too_large();
    bool is_worn_out();
    void settle();
    void measure_later();
    void on_deadline();
    void arm_deadline();
    Moment next_deadline() const;
    std::string hint_at_silence() const;
    std::string hint_at_deadline() const;
    void leave();
    void step_to(Phase phase);
    void end_with(const std::string& reason, std::function<AgentResult(const Job&)> answer_for);
    void end_for_bad_line(const std::string& line, const std::string& reason);
    void on_ended(const process::Ended& ended);
    AgentResult answer_at_end(const Job& job, const process::Ended& ended) const;
    const ddl::Worker& worker() const { return agent_->ddl.run.worker; }

    Parts parts_;
    std::shared_ptr<const agents::InstalledAgent> agent_;
    std::function<void()> retired_;
    ProgramStamp stamp_;
    process::Handle handle_;
    Phase phase_ = Phase::serving;
    std::size_t max_line_bytes_ = 0;
    std::int64_t served_ = 0;
    std::map<std::string, Given> jobs_;                     ///< by the id of their lines
    std::string line_;                                      ///< the beginning of one
    bool has_printed_ = false;                              ///< to stdout
    process::HeadAndTail errors_;                           ///< since the last answer
    std::function<AgentResult(const Job&)> answer_at_end_;  ///< if it is us who end it
    std::chrono::steady_clock::time_point measured_at_;
    bool is_to_be_measured_ = false;
    process::Timer measurement_;
    process::Timer deadline_;
    process::Timer timer_;  ///< of idleness, then of leaving
};

}  // namespace hocket::execution
