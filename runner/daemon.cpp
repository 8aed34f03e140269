#include "runner/daemon.h"

#include <algorithm>
#include <csignal>
#include <set>

#include <boost/asio/post.hpp>

#include "core/base/text.h"
#include "core/wire/subject.h"
#include "hocket_version.h"
#include "runner/limits_config.h"
#include "runner/memory.h"
#include "runner/state_folder.h"
#include "runner/systemd.h"

namespace hocket {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds k_reload_debounce{500};
constexpr std::chrono::seconds k_activation_retry{30};
constexpr milliseconds k_drain_poll{20};
constexpr milliseconds k_last_replies{100};

// Who is asked now and then would only read the same pages again.
constexpr std::size_t k_busy_requests = 100;

node::FactsSettings facts_settings(const RunnerConfig& config) {
    node::FactsSettings settings;
    settings.folder = config.facts_folder;
    settings.private_facts = config.private_facts;
    settings.refresh = milliseconds(config.facts_refresh_ms);
    settings.limits.command_timeout = milliseconds(config.facts_command_timeout_ms);
    return settings;
}

/// Keys that only a restart applies, of which these differ.
std::string needs_restart(const RunnerConfig& now, const RunnerConfig& next) {
    std::vector<std::string> keys;
    if (now.identity != next.identity) keys.emplace_back("identity");
    if (now.state_dir != next.state_dir) keys.emplace_back("state_dir");
    if (now.nats != next.nats) keys.emplace_back("nats");
    if (facts_settings(now) != facts_settings(next)) keys.emplace_back("facts");
    if (now.classes_file != next.classes_file) keys.emplace_back("classes");
    if (now.has_fstat != next.has_fstat) keys.emplace_back("data.serve_fstat");
    if (now.orphan_max_ms != next.orphan_max_ms) keys.emplace_back("limits.orphan_max_ms");
    if (now.duplicate_entries != next.duplicate_entries ||
        now.duplicate_reply_bytes != next.duplicate_reply_bytes) {
        keys.emplace_back("limits.duplicate_*");
    }
    if (now.cgroup != next.cgroup || now.helpers != next.helpers || now.search_path != next.search_path ||
        now.tmp_folder != next.tmp_folder)
        keys.emplace_back("exec");
    return join(keys, ", ");
}

/// The parts of the old configuration that run on until a restart.
void keep_fixed_parts(const RunnerConfig& now, RunnerConfig& next) {
    next.identity = now.identity;
    next.state_dir = now.state_dir;
    next.nats = now.nats;
    next.facts_folder = now.facts_folder;
    next.private_facts = now.private_facts;
    next.facts_refresh_ms = now.facts_refresh_ms;
    next.facts_command_timeout_ms = now.facts_command_timeout_ms;
    next.classes_file = now.classes_file;
    next.has_fstat = now.has_fstat;
    next.orphan_max_ms = now.orphan_max_ms;
    next.duplicate_entries = now.duplicate_entries;
    next.duplicate_reply_bytes = now.duplicate_reply_bytes;
    next.cgroup = now.cgroup;
    next.helpers = now.helpers;
    next.search_path = now.search_path;
    next.tmp_folder = now.tmp_folder;
}

}  // namespace

Result<std::unique_ptr<Daemon>> Daemon::make(boost::asio::io_context& io, RunnerConfig config,
                                             const Clock& clock, Log& log) {
    std::unique_ptr<Daemon> daemon(new Daemon(io, std::move(config), clock, log));
    if (Result<void> built = daemon->build(); !built) return built.error();
    return daemon;
}

Daemon::Daemon(boost::asio::io_context& io, RunnerConfig config, const Clock& clock, Log& log)
    : io_(io),
      clock_(clock),
      log_(log),
      config_(std::move(config)),
      signals_(io, SIGHUP, SIGTERM, SIGINT),
      drain_timer_(io),
      status_timer_(io),
      watchdog_timer_(io),
      activation_timer_(io),
      key_watch_(io, [this] { reload_keys(); }),
      expiry_watch_(log) {}

Daemon::~Daemon() = default;

Result<void> Daemon::build() {
    watch_keys(config_.keys);
    Result<std::unique_ptr<wire::NodeKeyRing>> keys = load_node_keys(config_.keys, config_.identity, clock_);
    if (!keys) return keys.error().within(config_.file.string());
    Result<FileDescriptor> state_folder = take_state_folder(config_.state_dir);
    if (!state_folder) return state_folder.error();
    state_folder_ = std::move(*state_folder);
    Result<std::optional<process::CgroupFolder>> cgroup = process::CgroupFolder::open(config_.cgroup);
    if (!cgroup) return cgroup.error();
    if (Result<void> connected = connect(); !connected) return connected;
    Result<audit::Audit> audit = audit::Audit::open(config_.audit_file, config_.identity, clock_, log_);
    if (!audit) return audit.error();

    supervisor_.emplace(io_.get_executor(),
                        process::Supervisor::Options{milliseconds(config_.orphan_max_ms),
                                                     (config_.helpers / "hocket-linger").string()},
                        std::move(*cgroup), log_);
    fact_command_.emplace(*supervisor_, config_.search_path, config_.max_output_bytes);
    facts_.emplace(io_, facts_settings(config_), *fact_command_, clock_, log_);
    classes_.emplace(config_.classes_file, log_);
    classes_->current();  // whoever named a file that is not there hears of it now
    agents_.emplace();
    node_.emplace(
        NodeState{&config_, nullptr, *agents_, *facts_, *classes_, *transport_, {}, clock_.wall_ms()});
    build_data_plugins();
    discovery_.emplace(*node_);
    rpcutil_.emplace(*node_, *data_plugins_, clock_);
    agents_->add_builtin(builtin::install(*discovery_));
    agents_->add_builtin(builtin::install(*rpcutil_));
    executor_.emplace(execution::Executor::Parts{io_.get_executor(), *supervisor_, clock_, log_},
                      execution::Surroundings{config_.identity, config_.search_path, "",
                                              config_.helpers / "hocket-exec", execution_limits(),
                                              config_.tmp_folder, [this] { return facts_->visible(); }});
    Result<admission::Admission> admission = make_admission();
    if (!admission) return admission.error();
    admission_.emplace(std::move(*admission));
    audit_.emplace(std::move(*audit));
    request_path_.emplace(
        RequestPath::Parts{clock_, log_, *transport_, *admission_, *executor_, *audit_, *node_});
    watcher_.emplace(io_, k_reload_debounce, [this] {
        load_agents(agents::AgentStore::Ask::changed);
        update_subscriptions();
    });
    take_keys(std::move(*keys));
    apply_config();
    return {};
}

void Daemon::build_data_plugins() {
    data_.emplace();
    fact_data_.emplace(*node_);
    agent_data_.emplace(*node_);
    collective_data_.emplace(*node_);
    data_->add_builtin(builtin::install_data(*fact_data_));
    data_->add_builtin(builtin::install_data(*agent_data_));
    data_->add_builtin(builtin::install_data(*collective_data_));
    if (config_.has_fstat) data_->add_builtin(builtin::install_fstat(config_.helpers));
    data_plugins_.emplace(*data_, clock_);
}

Result<admission::Admission> Daemon::make_admission() {
    const std::int64_t now = clock_.wall_ms();
    Result<admission::Journal> journal = admission::Journal::open(config_.state_dir, now);
    if (!journal) return journal.error();
    if (journal->past() == admission::Journal::Past::unknown) {
        log_.warn("requests are refused until wait_ms are over, since a repetition could not be told",
                  {{"reason", journal->reason()}, {"wait_ms", config_.max_skew_ms}});
    }
    return admission::Admission(
        config_.identity, admission::Freshness(clock_, config_.max_skew_ms),
        admission::Duplicates({config_.duplicate_entries, config_.duplicate_reply_bytes}),
        std::move(*journal));
}

Result<void> Daemon::connect() {
    Result<std::unique_ptr<transport::Transport>> transport = transport::connect_nats(io_, config_.nats);
    if (!transport) return transport.error();
    transport_ = std::move(*transport);
    transport_->on_state([this](transport::ConnectionState state, const std::string& detail) {
        log_.info("broker", {{"state", to_string(state)}, {"url", transport_->broker()}, {"detail", detail}});
        executor_->set_limits(execution_limits());
        write_status();
    });
    transport_->on_error([this](const std::string& reason) { log_.error("broker", {{"reason", reason}}); });
    return {};
}

void Daemon::start() {
    await_signal();
    facts_->start([this] { begin_service(); });
    beat_watchdog();
}

void Daemon::begin_service() {
    if (phase_ != Phase::running) return;
    is_serving_ = true;
    update_subscriptions();
    write_status();
    systemd::notify_ready();
    log_.info("ready", {{"identity", config_.identity},
                        {"version", k_version},
                        {"broker", transport_->broker()},
                        {"state", to_string(transport_->state())},
                        {"agents", join(agents_->names(), ",")}});
    give_back_memory();
}

/// What a reload may change.
void Daemon::apply_config() {
    log_.set_level(config_.log_level);
    admission_->set_policy({config_.collectives, config_.allow});
    admission_->set_max_skew_ms(config_.max_skew_ms);
    warn_of_limits();
    executor_->set_limits(execution_limits());
    fact_command_->set_max_output_bytes(config_.max_output_bytes);
    load_agents(agents::AgentStore::Ask::all);
}

/// What is set and does not hold is better known.
void Daemon::warn_of_limits() {
    const Plugins plugins = {config_.agents, config_.data};
    if (Result<void> enabled = supervisor_->enable(cgroup_kinds(plugins)); !enabled) {
        log_.warn("limits of agents do not hold", {{"reason", enabled.error().message}});
    }
    for (const std::string& text : unenforceable_limits(plugins))
        log_.warn("a limit of agents does not hold", {{"reason", text}});
}

execution::ExecutionLimits Daemon::execution_limits() const {
    std::size_t max_output = config_.max_output_bytes;
    const std::size_t max_payload = transport_->max_payload();
    if (max_payload > k_reply_headroom_bytes)
        max_output = std::min(max_output, max_payload - k_reply_headroom_bytes);
    return {.max_parallel = config_.max_parallel,
            .max_waiting = config_.max_waiting,
            .max_wait_ms = config_.max_wait_ms,
            .max_output_bytes = max_output,
            .max_stderr_bytes = config_.max_stderr_bytes,
            .max_standby_bytes = config_.max_standby_bytes,
            .grace_ms = config_.grace_ms,
            .drain_ms = config_.drain_ms};
}

void Daemon::load_agents(agents::AgentStore::Ask ask) {
    std::vector<std::filesystem::path> watched = config_.agents.folders;
    watched.insert(watched.end(), config_.data.folders.begin(), config_.data.folders.end());
    watched.push_back(config_.agents.validators);
    watcher_->watch(watched);  // first: what changes while they are loaded is told
    load(*agents_, config_.agents, ask);
    load(*data_, config_.data, ask);
    std::vector<std::shared_ptr<const agents::InstalledAgent>> all = agents_->all();
    for (const auto& plugin : data_->all())
        all.push_back(plugin);
    executor_->serve(std::move(all));
    ask_undecided();
}

void Daemon::load(agents::AgentStore& store, const agents::AgentFolders& folders,
                  agents::AgentStore::Ask ask) {
    const std::string one = agents::one_of(folders.role);
    for (const agents::LoadProblem& problem : store.load(folders, ask)) {
        if (problem.kind == agents::LoadProblem::Kind::refused) {
            log_.error(one + " is not loaded", {{"agent", problem.agent}, {"reason", problem.message}});
        } else {
            log_.warn(one, {{"agent", problem.agent}, {"reason", problem.message}});
        }
    }
}

/// Until one has answered, the one that was there before goes on.
void Daemon::ask_undecided() {
    for (const auto& agent : agents_->undecided()) {
        if (!asked_.insert(agent).second) continue;
        executor_->ask_to_activate(agent,
                                   [this, agent](const Result<bool>& answer) { take_answer(agent, answer); });
    }
}

void Daemon::take_answer(const std::shared_ptr<const agents::InstalledAgent>& agent,
                         const Result<bool>& answer) {
    using Verdict = agents::AgentStore::Verdict;
    asked_.erase(agent);
    const Verdict verdict = !answer ? Verdict::unknown : (*answer ? Verdict::serves : Verdict::declines);
    if (!agents_->decide(agent, verdict)) return;
    const std::string& name = agent->ddl.metadata.name;
    if (!answer) {
        log_.warn("an agent does not say whether it activates, and is asked again",
                  {{"agent", name}, {"reason", answer.error().message}});
        ask_again_later();
    } else {
        log_.info(*answer ? "an agent activates" : "an agent does not want to activate", {{"agent", name}});
    }
    update_subscriptions();
}

void Daemon::ask_again_later() {
    if (std::exchange(is_asking_again_, true)) return;
    activation_timer_.expires_after(k_activation_retry);
    activation_timer_.async_wait([this](const boost::system::error_code& error) {
        is_asking_again_ = false;
        if (!error) ask_undecided();
    });
}

/// What is no longer ours goes back to the broker, so that callers hear at once when nobody listens.
void Daemon::update_subscriptions() {
    if (!is_serving_) return;  // without its facts it would answer filters wrongly
    std::set<std::string> subjects;
    for (const std::string& collective : config_.collectives) {
        subjects.insert(wire::node_subscription(collective, config_.identity));
        for (const std::string& agent : agents_->names())
            subjects.insert(wire::all_subject(collective, agent));
    }
    std::erase_if(subscriptions_, [&](const auto& each) { return !subjects.contains(each.first); });
    for (const std::string& subject : subjects) {
        if (subscriptions_.contains(subject)) continue;
        if (auto subscription = subscribe(subject)) subscriptions_.emplace(subject, std::move(subscription));
    }
}

std::unique_ptr<transport::Subscription> Daemon::subscribe(const std::string& subject) {
    auto subscription = transport_->subscribe(
        subject, [this](const wire::Message& message) { request_path_->take(message); });
    if (subscription) return std::move(*subscription);
    log_.error("cannot subscribe", {{"subject", subject}, {"reason", subscription.error().message}});
    return nullptr;
}

/// The service manager waits for the first start, not for a reload, until we serve; and no more when we drain.
void Daemon::reload() {
    if (is_serving_) systemd::notify_reloading();
    read_config_anew();
    if (is_serving_) systemd::notify_ready();
}

void Daemon::read_config_anew() {
    Result<RunnerConfig> next = read_runner_config(config_.file);
    if (next) watch_keys(next->keys);
    Result<std::unique_ptr<wire::NodeKeyRing>> keys =
        next ? load_node_keys(next->keys, config_.identity, clock_) : next.error();
    Result<audit::Audit> audit =
        next ? audit::Audit::open(next->audit_file, config_.identity, clock_, log_) : next.error();
    if (!keys || !audit) {
        const Error& error = !next ? next.error() : (!keys ? keys.error() : audit.error());
        log_.error("the configuration is kept as it was, the new one is broken", {{"reason", error.message}});
        reopen_audit();
        return watch_keys(config_.keys);
    }
    const std::string restart = needs_restart(config_, *next);
    if (!restart.empty()) log_.warn("these keys apply after a restart", {{"keys", restart}});
    keep_fixed_parts(config_, *next);
    config_ = std::move(*next);
    take_keys(std::move(*keys));
    *audit_ = std::move(*audit);
    apply_config();
    update_subscriptions();
    facts_->refresh();
    log_.info("reloaded", {{"agents", join(agents_->names(), ",")}});
    give_back_memory();
}

/// Whoever renamed the file sent the signal for that alone.
void Daemon::reopen_audit() {
    Result<audit::Audit> audit = audit::Audit::open(config_.audit_file, config_.identity, clock_, log_);
    if (audit) *audit_ = std::move(*audit);
}

void Daemon::reload_keys() {
    watch_keys(config_.keys);
    Result<std::unique_ptr<wire::NodeKeyRing>> keys = load_node_keys(config_.keys, config_.identity, clock_);
    if (!keys) {
        log_.error("the keys are kept as they were, the new ones are broken",
                   {{"reason", keys.error().message}});
        return;
    }
    take_keys(std::move(*keys));
    log_.info("read the keys anew: a file has changed");
}

void Daemon::watch_keys(const KeysConfig& keys) {
    key_watch_.watch(keys.files(), milliseconds(keys.watch_ms));
}

void Daemon::take_keys(std::unique_ptr<wire::NodeKeys> keys) {
    node_->keys = std::move(keys);
    expiry_watch_.begin();
    expiry_watch_.look(*node_->keys, clock_.wall_ms());
}

void Daemon::await_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error) return;
        if (signal == SIGHUP) {
            reload();
        } else {
            begin_drain();
        }
        await_signal();
    });
}

void Daemon::begin_drain() {
    if (phase_ != Phase::running) return finish_drain(true);  // a second signal: at once
    phase_ = Phase::draining;
    is_serving_ = false;
    systemd::notify_stopping();
    admission_->start_draining();
    log_.info("draining", {{"running", executor_->running()}, {"wait_ms", config_.shutdown_ms}});
    write_status();
    await_idle(clock_.steady() + milliseconds(config_.shutdown_ms));
}

void Daemon::await_idle(std::chrono::steady_clock::time_point deadline) {
    if (executor_->running() == 0) return finish_drain(false);
    if (clock_.steady() >= deadline) return finish_drain(true);
    drain_timer_.expires_after(k_drain_poll);
    drain_timer_.async_wait([this, deadline](const boost::system::error_code& error) {
        if (!error) await_idle(deadline);
    });
}

void Daemon::finish_drain(bool timed_out) {
    if (timed_out) {
        log_.warn("stopping before every agent has ended", {{"running", executor_->running()}});
        executor_->abandon();
    }
    log_.info("stopped");
    phase_ = Phase::stopped;
    write_status();
    // cnats writes when the loop tells it that it can: the last replies leave now.
    drain_timer_.expires_after(k_last_replies);
    drain_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) io_.stop();
    });
}

void Daemon::write_status() {
    if (!request_path_) return;
    expiry_watch_.look(*node_->keys, clock_.wall_ms());
    request_path_->tell_of_dropped();
    const std::string text = status_text(*node_, clock_.wall_ms(), *executor_, phase_);
    if (Result<void> written = write_file_atomically(config_.status_file, text, 0644); !written) {
        log_.warn("the status file cannot be written", {{"reason", written.error().message}});
    }
    status_timer_.expires_after(milliseconds(config_.status_refresh_ms));
    status_timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        forget_expired();
        write_status();
    });
}

/// What a busy minute has left is not kept until somebody asks again. A few at a time, so that who asks now need not wait.
void Daemon::forget_expired() {
    most_remembered_ = std::max(most_remembered_, admission_->remembered_requests());
    if (admission_->forget_some()) return boost::asio::post(io_, [this] { forget_expired(); });
    const std::size_t remembered = admission_->remembered_requests();
    const bool is_over = 2 * remembered < most_remembered_ && executor_->running() == 0;
    if (most_remembered_ < k_busy_requests || !is_over) return;
    most_remembered_ = remembered;
    give_back_memory();
}

void Daemon::beat_watchdog() {
    const milliseconds interval = systemd::watchdog_interval();
    if (interval.count() == 0) return;
    systemd::notify_watchdog();
    watchdog_timer_.expires_after(interval);
    watchdog_timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) beat_watchdog();
    });
}

}  // namespace hocket
