#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/process/supervisor.h"
#include "core/wire/psk.h"
#include "runner/execution/executor.h"
#include "runner/workbench/interrupts.h"
#include "runner/workbench/tracer.h"

namespace hocket::workbench {

/// What an author asks of an agent.
struct Question {
    std::string action;
    Json inputs = Json::object();
    bool noop = false;
    std::optional<std::int64_t> timeout_ms = {};  ///< else the DDL's
};

struct Answer {
    execution::AgentResult result;
    std::chrono::microseconds took{0};
    Trace trace;
};

/// A process that was started ahead of any request, as on standby, until it had read what there was of its input, and was quiet.
struct Ahead {
    std::optional<Error> failure;            ///< it could not be started
    std::string sign;                        ///< "ended: …", "printed …": it did not wait; empty: it did
    std::chrono::microseconds took{0};       ///< until it read its input
    std::chrono::microseconds processor{0};  ///< of it the time of a processor
    std::size_t bytes = 0;                   ///< resident, when it was quiet
};

/// An agent's folder as a node runs it, without a node: a request is signed, verified, admitted, checked and executed by the
/// daemon's own code, on this machine, as this user, with nothing configured.
///
/// Thread: one; a signal that ends the process ends the agent first (Interrupts), out of whatever waits here.
/// Owns:   a folder for its journal, which goes with it, as every process of the agent does.
class Workbench {
public:
    /// search_path: PATH of the agent; empty: that of a node with nothing configured.
    /// Errors: usage (no such folder), invalid_ddl (with everything that keeps a node from loading the agent).
    static Result<std::unique_ptr<Workbench>> open(const std::filesystem::path& folder, Log& log,
                                                   const std::string& search_path = {});

    Workbench(const Workbench&) = delete;
    Workbench& operator=(const Workbench&) = delete;
    ~Workbench();

    const agents::InstalledAgent& agent() const { return *agent_; }

    /// What a node would warn of when it loads the agent.
    const std::vector<std::string>& warnings() const { return warnings_; }

    /// Waits until the answer is there and nothing of the agent is left, but workers and who waits on standby.
    Answer ask(const Question& question);

    /// Of contract `json`: starts a process, sees what it does without a request, and ends it.
    Ahead start_ahead();

    /// Resident, of all workers.
    std::size_t worker_bytes() const;

    /// Ends all workers as a reload does, and waits until nothing of them is left. How the last one ended; none: there was none.
    std::optional<process::Ended> end_workers();

    /// From now on processes wait on standby if the agent's description wants that.
    void keep_ready();

    /// Lets time pass, in which processes on standby get ready.
    void rest(std::chrono::milliseconds span);

private:
    Workbench(Log& log, const std::string& search_path);

    struct Seen;

    void wait_until_it_reads(const process::Handle& handle, Seen& seen,
                             std::chrono::steady_clock::time_point limit);
    void wait_until_quiet(const process::Handle& handle, const Seen& seen,
                          std::chrono::steady_clock::time_point limit, Ahead& ahead);
    Result<void> load(const std::filesystem::path& folder);
    Result<void> activate();
    Result<void> make_admission();
    wire::Request request_for(const Question& question) const;
    Result<admission::AdmittedRequest> admit(const Question& question);

    Log& log_;
    execution::Surroundings surroundings_;
    boost::asio::io_context io_;
    Interrupts interrupts_{io_};  ///< before all that must not be left behind
    SystemClock clock_;
    std::filesystem::path state_folder_;
    std::optional<wire::PskCallerKeys> caller_;
    wire::PskNodeKeys node_;
    agents::AgentStore store_;
    std::shared_ptr<const agents::InstalledAgent> agent_;
    std::vector<std::string> warnings_;
    std::optional<admission::Admission> admission_;
    process::Supervisor supervisor_;
    execution::JsonContract json_;
    Tracer tracer_;
    std::optional<execution::Executor> executor_;
};

}  // namespace hocket::workbench
