#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/process/supervisor.h"
#include "runner/agents/folder_watcher.h"
#include "runner/builtin/builtin_data.h"
#include "runner/builtin/data_plugins.h"
#include "runner/builtin/discovery.h"
#include "runner/builtin/rpcutil.h"
#include "runner/execution/process_fact_command.h"
#include "runner/expiry_watch.h"
#include "runner/key_watch.h"
#include "runner/request_path.h"
#include "runner/status.h"

namespace hocket {

/// The node's daemon: builds every part, connects them, and keeps them going until it is told to stop.
///
///     SIGHUP             reads the configuration anew; a broken file keeps the old one and says so
///     SIGTERM, SIGINT    answers `draining`, waits for what runs (shutdown_ms at most), then stops
///     agents' folders    are loaded anew when they change
///
/// Thread: the constructor and everything after it on the io thread.
/// Owns:   everything; destroying it leaves agents that run to hocket-linger and ends all other processes.
class Daemon {
public:
    /// Errors: invalid_key, invalid_config, io, broker_unreachable.
    static Result<std::unique_ptr<Daemon>> make(boost::asio::io_context& io, RunnerConfig config,
                                                const Clock& clock, Log& log);
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    /// Gathers facts, then subscribes. Returns at once; the io_context does the rest, and stops after a drain.
    void start();

private:
    Daemon(boost::asio::io_context& io, RunnerConfig config, const Clock& clock, Log& log);

    Result<void> build();
    void build_data_plugins();
    Result<admission::Admission> make_admission();
    Result<void> connect();
    void begin_service();
    void apply_config();
    void warn_of_limits();
    void load_agents(agents::AgentStore::Ask ask);
    void load(agents::AgentStore& store, const agents::AgentFolders& folders, agents::AgentStore::Ask ask);
    void ask_undecided();
    void take_answer(const std::shared_ptr<const agents::InstalledAgent>& agent, const Result<bool>& answer);
    void ask_again_later();
    void update_subscriptions();
    std::unique_ptr<transport::Subscription> subscribe(const std::string& subject);
    void reload();
    void read_config_anew();
    void reopen_audit();
    void reload_keys();
    void watch_keys(const KeysConfig& keys);
    void take_keys(std::unique_ptr<wire::NodeKeys> keys);
    void await_signal();
    void begin_drain();
    void await_idle(std::chrono::steady_clock::time_point deadline);
    void finish_drain(bool timed_out);
    void write_status();
    void forget_expired();
    void beat_watchdog();
    execution::ExecutionLimits execution_limits() const;

    boost::asio::io_context& io_;
    const Clock& clock_;
    Log& log_;
    RunnerConfig config_;

    boost::asio::signal_set signals_;
    boost::asio::steady_timer drain_timer_;
    boost::asio::steady_timer status_timer_;
    boost::asio::steady_timer watchdog_timer_;
    boost::asio::steady_timer activation_timer_;
    KeyWatch key_watch_;
    ExpiryWatch expiry_watch_;
    bool is_serving_ = false;  ///< has facts and subscribes to what is asked; until it drains
    bool is_asking_again_ = false;
    std::set<std::shared_ptr<const agents::InstalledAgent>> asked_;  ///< that have not answered yet
    Phase phase_ = Phase::running;
    std::size_t most_remembered_ = 0;  ///< requests, since memory was given back for them

    // In the order in which each needs the ones before.
    FileDescriptor state_folder_;  ///< ours as long as it is open
    std::unique_ptr<transport::Transport> transport_;
    std::map<std::string, std::unique_ptr<transport::Subscription>> subscriptions_;  ///< by subject
    std::optional<process::Supervisor> supervisor_;
    std::optional<execution::ProcessFactCommand> fact_command_;
    std::optional<node::Facts> facts_;
    std::optional<node::Classes> classes_;
    std::optional<agents::AgentStore> agents_;
    std::optional<NodeState> node_;
    std::optional<agents::AgentStore> data_;
    std::optional<builtin::FactData> fact_data_;
    std::optional<builtin::AgentData> agent_data_;
    std::optional<builtin::CollectiveData> collective_data_;
    std::optional<builtin::DataPlugins> data_plugins_;
    std::optional<builtin::Discovery> discovery_;
    std::optional<builtin::Rpcutil> rpcutil_;
    std::optional<execution::Executor> executor_;
    std::optional<admission::Admission> admission_;
    std::optional<audit::Audit> audit_;
    std::optional<RequestPath> request_path_;
    std::optional<agents::FolderWatcher> watcher_;
};

}  // namespace hocket
