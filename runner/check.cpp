#include "runner/check.h"

#include <algorithm>
#include <set>
#include <unistd.h>

#include <boost/asio/io_context.hpp>

#include "core/base/file.h"
#include "core/process/cgroup.h"
#include "core/transport/nats_transport.h"
#include "core/wire/subject.h"
#include "runner/builtin/builtin_data.h"
#include "runner/config.h"
#include "runner/expiry_watch.h"
#include "runner/findings.h"
#include "runner/limits_config.h"

namespace hocket {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds k_broker_patience{300};

/// Writes the findings and keeps the worst.
class Report {
public:
    explicit Report(std::ostream& out) : out_(out) {}

    void good(const std::string& text) { out_ << line_of({Finding::Level::good, text}); }
    void note(const std::string& text) { out_ << line_of({Finding::Level::note, text}); }
    void warning(const std::string& text) { out_ << line_of({Finding::Level::warning, text}); }
    void bad(const Error& error) {
        out_ << line_of({Finding::Level::error, error.message});
        const int code = disposition(error.code).exit_code;
        exit_code_ = exit_code_ == 78 || code != 69 ? 78 : 69;
    }

    int exit_code() const { return exit_code_; }

private:
    std::ostream& out_;
    int exit_code_ = 0;
};

bool is_there(const fs::path& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

void check_files(const RunnerConfig& config, Report& report) {
    if (Result<void> trusted = check_trusted(config.file); !trusted) report.bad(trusted.error());
    for (const fs::path& folder : {config.state_dir, config.status_file.parent_path()}) {
        if (is_there(folder) && ::access(folder.c_str(), W_OK) != 0) {
            report.bad({ErrorCode::invalid_config,
                        folder.string() + ": cannot write there; try: chown it to hocketd's user",
                        {}});
        }
    }
}

/// What only warns at a start, and then does nothing.
void check_node_files(const RunnerConfig& config, Report& report) {
    const RunnerConfig usual;
    const fs::path status_folder = config.status_file.parent_path();
    if (status_folder != config.state_dir && !fs::is_directory(status_folder))
        report.warning("[status] file: there is no folder " + status_folder.string() +
                       ", so nothing is written");
    if (config.facts_folder != usual.facts_folder && !fs::is_directory(config.facts_folder))
        report.warning("[facts] folder: " + config.facts_folder.string() +
                       " is not there, so it gives no facts");
    if (config.classes_file != usual.classes_file && ::access(config.classes_file.c_str(), R_OK) != 0) {
        report.warning("[classes] file: " + config.classes_file.string() + ": cannot be read (" +
                       errno_text() + "), so this node is of no class");
    }
}

void check_audit(const RunnerConfig& config, Report& report) {
    const fs::path& file = config.audit_file;
    if (file.empty()) return report.note("no [audit] file: decisions about requests are not kept");
    const fs::path& target = is_there(file) ? file : file.parent_path();
    if (::access(target.c_str(), W_OK) == 0) return;
    report.bad({ErrorCode::invalid_config,
                target.string() + ": hocketd cannot write its audit there: " + errno_text() +
                    "; make it, or change [audit] file",
                {}});
}

void check_certificate(const crypto::Certificate& certificate, std::int64_t now_ms, Report& report) {
    const std::string ends = utc_text(certificate.not_after_ms());
    if (certificate.not_before_ms() > now_ms) {
        report.bad({ErrorCode::invalid_key,
                    certificate.title() + ": not valid before " + utc_text(certificate.not_before_ms()) +
                        "; look at the clocks",
                    {}});
    } else if (certificate.not_after_ms() <= now_ms) {
        report.bad({ErrorCode::invalid_key,
                    certificate.title() + ": expired at " + ends +
                        ", callers refuse this node's replies; try: hocket keys cert renew",
                    {}});
    } else if (certificate.not_after_ms() < now_ms + k_expiry_warning_ms) {
        report.warning(certificate.title() + ": expires at " + ends + "; try: hocket keys cert renew");
    } else {
        report.good(certificate.title() + ": valid until " + ends);
    }
}

void check_callers_cas(const crypto::Trust& callers, std::int64_t now_ms, Report& report) {
    const std::vector<crypto::CaFault> faults = callers.faults(now_ms);
    for (const crypto::CaFault& fault : faults) {
        const std::string text = fault.message + k_ca_is_refused;
        if (fault.may_be_meant) {
            report.warning(text);
        } else {
            report.bad({ErrorCode::invalid_key, text, {}});
        }
    }
    const std::optional<std::int64_t> due = callers.crl_next_update_ms();
    if (!due) return report.note("no caller_crl in [keys.ssl]: certificates of callers cannot be revoked");
    if (!faults.empty()) return;
    const std::string text = callers.crl_file().string() + ": good until " + utc_text(*due);
    if (*due - now_ms > k_crl_warning_ms) return report.good(text);
    report.warning(
        text +
        ", then every caller of its CA is refused; fetch the next one (ours are made by: hocket keys crl)");
}

/// Why nobody of that name can have a request here that the rule could be for; nothing if somebody may.
std::optional<std::string> why_never(const std::string& caller, const std::set<std::string>& with_key,
                                     const KeysConfig& keys) {
    constexpr std::string_view certified = "cert=";
    if (caller.starts_with("psk=") && !with_key.contains(caller)) return "has no key here";
    if (!caller.starts_with(certified)) return std::nullopt;
    if (!keys.ssl) return "cannot sign for this node: it has no [keys.ssl]";
    if (!keys.allowed_callers.allows(caller.substr(certified.size()))) return "is not in [callers] allow";
    return std::nullopt;
}

/// A caller with a key and no rule, or a rule for a caller who cannot sign, is most often a mistyped name.
void check_callers(const RunnerConfig& config, Report& report) {
    std::set<std::string> with_key;
    for (const PskFile& key : config.keys.psk)
        with_key.insert("psk=" + key.id.name);
    std::set<std::string> with_rule;
    for (const admission::AllowRule& rule : config.allow.rules())
        with_rule.insert(rule.callers.begin(), rule.callers.end());
    if (with_rule.empty())
        return report.warning("no [[allow]] rule: every request will be answered `denied`");
    for (const std::string& caller : with_key) {
        if (!with_rule.contains(caller) && !with_rule.contains("*"))
            report.warning(caller +
                           " has a key and no [[allow]] rule: its requests will be answered `denied`");
    }
    for (const std::string& caller : with_rule) {
        if (const auto why = why_never(caller, with_key, config.keys))
            report.warning("an [[allow]] rule is for " + caller + ", which " + *why);
    }
}

void check_keys(const RunnerConfig& config, Report& report) {
    const SystemClock clock;
    const auto keys = load_node_keys(config.keys, config.identity, clock);
    if (!keys) return report.bad(keys.error());
    if (!config.keys.psk.empty()) report.good(std::to_string(config.keys.psk.size()) + " pre-shared key(s)");
    for (const PskFile& key : config.keys.psk) {
        if (key.derived) continue;
        report.note("key " + wire::to_string(key.id) +
                    " is the pre-shared key itself: who reads it here can answer in every node's name; "
                    "a derived one cannot: hocket keys psk derive");
    }
    if (const wire::X509NodeKeys* certificates = (*keys)->certificates()) {
        check_certificate(certificates->credential().certificate(), clock.wall_ms(), report);
        check_callers_cas(certificates->callers(), clock.wall_ms(), report);
    }
    check_callers(config, report);
}

bool is_executable(const fs::path& program) {
    return ::access(program.c_str(), X_OK) == 0;
}

/// The number of those that are found in the folders.
std::size_t load_plugins(agents::AgentStore& store, const agents::AgentFolders& folders, Report& report) {
    const std::string noun = agents::noun_of(folders.role);
    std::size_t refused = 0;
    for (const agents::LoadProblem& problem : store.load(folders)) {
        const std::string text =
            problem.agent.empty() ? problem.message : noun + " '" + problem.agent + "': " + problem.message;
        if (problem.kind == agents::LoadProblem::Kind::refused) {
            ++refused;
            report.bad({ErrorCode::invalid_config, text, {}});
        } else {
            report.warning(text);
        }
    }
    for (const auto& [name, settings] : folders.settings) {
        const bool is_undecided = std::ranges::any_of(
            store.undecided(), [&](const auto& agent) { return agent->ddl.metadata.name == name; });
        if (!store.find(name) && !is_undecided)
            report.warning("[" + agents::section_of(folders.role) + "." + name + "] is about " +
                           agents::one_of(folders.role) + " that is not there");
    }
    return store.names().size() + store.undecided().size();
}

void note_found(std::size_t number, const agents::AgentFolders& folders, Report& report) {
    report.good(std::to_string(number) + " " + agents::noun_of(folders.role) + "(s) from " +
                std::to_string(folders.folders.size()) + " folder(s)");
}

void check_data_plugins(const RunnerConfig& config, Report& report) {
    agents::AgentStore store;
    const auto built_in = builtin::describe_builtin_data(config.helpers, config.has_fstat);
    for (const auto& plugin : built_in)
        store.add_builtin(plugin);
    const std::size_t number = load_plugins(store, config.data, report);
    if (!config.data.folders.empty()) note_found(number - built_in.size(), config.data, report);
    const bool is_there = is_executable(config.helpers / "hocket-fstat");
    const bool can_switch = ::geteuid() != 0 || is_executable(config.helpers / "hocket-exec");
    if (config.has_fstat && !(is_there && can_switch))
        report.note(
            config.helpers.string() +
            ": without hocket-fstat, as root hocket-exec too, queries of the data plugin fstat will answer "
            "`crashed`; set [exec] helpers, or [data] serve_fstat = false");
}

void check_agents(const RunnerConfig& config, Report& report) {
    agents::AgentStore store;
    note_found(load_plugins(store, config.agents, report), config.agents, report);
    for (const auto& agent : store.undecided()) {
        report.note("agent '" + agent->ddl.metadata.name +
                    "' is of Choria: hocketd asks it whether it activates on this node");
    }
    check_data_plugins(config, report);
    for (const char* name : {"hocket-exec", "hocket-linger", "hocket-fstat"}) {
        const fs::path helper = config.helpers / name;
        if (!is_there(helper)) continue;
        if (Result<void> trusted = check_trusted(helper); !trusted) report.bad(trusted.error());
    }
    const auto has_user = [](const auto& own) { return own.second.run_as.has_value(); };
    const auto is_fstat = [](const auto& own) {
        return own.first == "fstat";
    };  // it has one without being told
    const bool switches_user = std::ranges::any_of(config.agents.settings, has_user) ||
                               std::ranges::any_of(config.data.settings, [&](const auto& own) {
                                   return has_user(own) && !is_fstat(own);
                               });
    if (switches_user && !is_executable(config.helpers / "hocket-exec")) {
        report.bad({ErrorCode::invalid_config,
                    config.helpers.string() + ": run_as_user needs hocket-exec there, or [exec] helpers set",
                    {}});
    }
    if (!is_executable(config.helpers / "hocket-linger")) {
        report.warning(
            config.helpers.string() +
            ": there is no hocket-linger, so agents that still run when hocketd stops will be ended; "
            "set [exec] helpers");
    }
}

void check_limits(const RunnerConfig& config, Report& report) {
    for (const std::string& text : unenforceable_limits({config.agents, config.data}))
        report.warning(text);
    const fs::path& folder = config.tmp_folder;
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        report.bad({ErrorCode::invalid_config,
                    "[exec] tmp_folder " + folder.string() + " cannot be written: " + errno_text(),
                    {}});
    }
}

void check_cgroup(const RunnerConfig& config, Report& report) {
    const auto folder = process::CgroupFolder::open(config.cgroup);
    if (!folder) return report.bad(folder.error());
    const process::CgroupLimits kinds = cgroup_kinds({config.agents, config.data});
    if (*folder) {
        report.good("cgroup v2: processes that escape an agent are always caught");
        if (const auto there = (*folder)->check_controllers(kinds); !there)
            report.warning(there.error().message);
    } else {
        const bool is_off = config.cgroup == "off";
        report.note(
            std::string(is_off ? "no cgroup, as 'exec.cgroup' says" : "no writable cgroup v2 folder") +
            ": processes that shed session and environment live on for up to " +
            std::to_string(config.orphan_max_ms) + " ms" + (is_off ? "" : " (systemd: Delegate=yes)"));
        if (kinds.any()) report.warning("without it these limits do not hold: " + process::names_of(kinds));
    }
}

/// What a broker does not allow it says a moment later.
void check_permissions(const RunnerConfig& config, boost::asio::io_context& io,
                       transport::Transport& transport, Report& report) {
    std::set<std::string> refusals;
    transport.on_error([&](const std::string& reason) { refusals.insert(reason); });
    std::vector<std::unique_ptr<transport::Subscription>> subscriptions;
    for (const std::string& collective : config.collectives) {
        for (const std::string& subject : {wire::node_subscription(collective, config.identity),
                                           wire::all_subject(collective, "discovery")}) {
            auto subscription = transport.subscribe(subject, [](const wire::Message&) {});
            if (!subscription) return report.bad(subscription.error());
            subscriptions.push_back(std::move(*subscription));
        }
    }
    io.run_for(k_broker_patience);
    for (const std::string& refusal : refusals) {
        report.bad({ErrorCode::broker_unreachable,
                    "the broker does not let this node take its requests: " + refusal +
                        "; look at its permissions there (hocket-nats-users writes them), and at [nats]",
                    {}});
    }
}

/// To the broker this node is a client. What is broken, connecting tells better; not this.
void check_tls_certificate(const std::string& file, Report& report) {
    if (file.empty()) return;
    const Result<std::vector<crypto::Certificate>> chain = crypto::Certificate::read(file);
    if (!chain || chain->front().is_for(crypto::CertificateUse::client_auth)) return;
    report.bad(
        {ErrorCode::invalid_config,
         "[nats] tls_cert: " + file + ": " + chain->front().title() +
             ": its extended key usage lacks clientAuth, so a broker that asks for certificates refuses it; "
             "have it issued for clientAuth, too",
         {}});
}

void check_broker(const RunnerConfig& config, Report& report) {
    check_tls_certificate(config.nats.tls_cert_file, report);
    boost::asio::io_context io;
    transport::NatsOptions options = config.nats;
    options.start = transport::NatsOptions::Start::connected;
    const auto transport = transport::connect_nats(io, options);
    if (!transport) return report.bad(transport.error());
    report.good("broker " + (*transport)->broker() + " takes messages of " +
                std::to_string((*transport)->max_payload()) + " bytes");
    check_permissions(config, io, **transport, report);
}

}  // namespace

int check_node(const std::filesystem::path& config_file, std::ostream& out) {
    Report report(out);
    const Result<RunnerConfig> config = read_runner_config(config_file);
    if (!config) {
        report.bad(config.error());
        return report.exit_code();
    }
    report.good(config_file.string() + ": identity " + config->identity);
    check_files(*config, report);
    check_node_files(*config, report);
    check_audit(*config, report);
    check_keys(*config, report);
    check_agents(*config, report);
    check_limits(*config, report);
    check_cgroup(*config, report);
    check_broker(*config, report);
    return report.exit_code();
}

}  // namespace hocket
