#include "runner/config.h"

#include <array>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/names.h"
#include "core/base/text.h"
#include "core/config/toml_table.h"
#include "runner/choria_config.h"
#include "runner/limits_config.h"
#include "runner/node/identity.h"

namespace hocket {

namespace {

using config::TomlTable;
namespace fs = std::filesystem;

constexpr int k_max_ms = 24 * 60 * 60 * 1000;
constexpr std::size_t k_max_bytes = 1U << 30U;
constexpr std::size_t k_max_password_bytes = 4096;

/// Paths in the file are relative to its folder.
void resolve(fs::path& path, const RunnerConfig& config) {
    if (!path.empty() && path.is_relative()) path = fs::absolute(config.file).parent_path() / path;
}

void read_nats(TomlTable& root, RunnerConfig& config) {
    std::optional<TomlTable> table = root.table("nats");
    if (!table) return;
    std::string url;
    table->read("url", url);
    if (!url.empty()) config.nats.urls = {url};
    table->read("urls", config.nats.urls);
    if (table->has("url") && table->has("urls")) table->problem("url", "and 'urls' exclude each other");
    table->read("user", config.nats.user);
    fs::path password_file;
    table->read("password_file", password_file);
    resolve(password_file, config);
    if (!password_file.empty()) {
        const Result<std::string> password = read_private_file(password_file, k_max_password_bytes);
        if (password) {
            config.nats.password = std::string(trim(*password));
        } else {
            table->problem("password_file", password.error().message);
        }
    }
    for (const auto& [key, file] :
         {std::pair{"tls_ca", &config.nats.tls_ca_file}, std::pair{"tls_cert", &config.nats.tls_cert_file},
          std::pair{"tls_key", &config.nats.tls_key_file}}) {
        fs::path path;
        table->read(key, path);
        resolve(path, config);
        *file = path.string();
    }
    table->read("connect_timeout_ms", config.nats.connect_timeout_ms, 10, 600'000);
    table->read("max_reconnect_wait_ms", config.nats.max_reconnect_wait_ms, 100, 600'000);
    table->finish();
}

void read_allow(TomlTable& root, RunnerConfig& config) {
    std::vector<admission::AllowRule> rules;
    for (TomlTable& table : root.tables("allow")) {
        admission::AllowRule rule;
        rule.line = table.line();
        table.read("callers", rule.callers);
        table.read("agents", rule.agents);
        for (const std::string& caller : rule.callers) {
            if (caller != "*" && !is_caller(caller)) {
                table.problem("callers", "holds " + quote_bytes(caller) +
                                             ", which is neither \"*\" nor a caller such as psk=ops");
            }
        }
        for (const std::string& agent : rule.agents) {
            if (agent != "*" && !is_agent_name(agent)) {
                table.problem("agents",
                              "holds " + quote_bytes(agent) + ", which is neither \"*\" nor an agent's name");
            }
        }
        if (rule.callers.empty() || rule.agents.empty()) {
            table.problem("callers", "and 'agents' must both name somebody, or the rule allows nothing");
        }
        rules.push_back(std::move(rule));
        table.finish();
    }
    config.allow = admission::AllowRules(std::move(rules), config.file.string());
}

void read_facts(TomlTable& root, RunnerConfig& config) {
    if (std::optional<TomlTable> table = root.table("facts")) {
        table->read("folder", config.facts_folder);
        table->read("private", config.private_facts);
        table->read("refresh_ms", config.facts_refresh_ms, 1000, k_max_ms);
        table->read("command_timeout_ms", config.facts_command_timeout_ms, 100, 600'000);
        table->finish();
    }
    if (std::optional<TomlTable> table = root.table("classes")) {
        table->read("file", config.classes_file);
        table->finish();
    }
    resolve(config.facts_folder, config);
    resolve(config.classes_file, config);
}

/// Supplementary groups as the system's database has them, when the configuration names none.
std::vector<gid_t> groups_of(const passwd& user) {
    std::array<gid_t, 256> groups{};
    int count = static_cast<int>(groups.size());
    if (::getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count) < 0) return {user.pw_gid};
    return {groups.begin(), groups.begin() + count};
}

void read_run_as(TomlTable& table, agents::AgentSettings& settings) {
    std::string user_name;
    std::vector<std::string> group_names;
    table.read("run_as_user", user_name);
    table.read("run_as_groups", group_names);
    if (user_name.empty()) {
        if (!group_names.empty()) table.problem("run_as_groups", "needs run_as_user");
        return;
    }
    const passwd* user = ::getpwnam(user_name.c_str());
    if (user == nullptr) {
        table.problem("run_as_user", "names '" + user_name + "', which is no user of this system");
        return;
    }
    if (user->pw_uid != ::geteuid() && ::geteuid() != 0) {
        table.problem("run_as_user", "needs hocketd to run as root");
        return;
    }
    agents::RunAs run_as{user->pw_name, user->pw_uid, user->pw_gid, groups_of(*user), user->pw_dir};
    if (!group_names.empty()) run_as.groups.clear();
    for (const std::string& name : group_names) {
        const group* found = ::getgrnam(name.c_str());
        if (found == nullptr) {
            table.problem("run_as_groups", "names '" + name + "', which is no group of this system");
        } else {
            run_as.groups.push_back(found->gr_gid);
        }
    }
    settings.run_as = std::move(run_as);
}

/// The folders, and a table for each agent, or data plugin, that has settings of its own.
void read_plugins(TomlTable& table, const RunnerConfig& config, agents::AgentFolders& plugins) {
    table.read("folders", plugins.folders);
    for (fs::path& folder : plugins.folders)
        resolve(folder, config);
    const std::string noun = agents::noun_of(plugins.role);
    for (auto& [name, own] : table.subtables()) {
        if (!is_agent_name(name)) table.problem(name, "is not the name of " + noun);
        agents::AgentSettings settings = plugins.defaults;
        read_run_as(own, settings);
        own.read("no_new_privs", settings.traits.no_new_privileges);
        if (std::optional<TomlTable> limits = own.table("limits")) read_agent_limits(*limits, settings);
        if (std::optional<TomlTable> choria = own.table("choria"))
            read_choria_settings(*choria, fs::absolute(config.file).parent_path(), settings.choria);
        own.read("any_parameters", settings.takes_any_parameters);
        own.read("orphans_keep", settings.permits_kept_orphans);
        own.read("config", settings.config);
        own.finish();
        plugins.settings.emplace(name, std::move(settings));
    }
    table.finish();
}

/// Whoever may call rpcutil may ask it, so it sees what everybody may see, unless the configuration names a user.
void guard_fstat(RunnerConfig& config) {
    if (::geteuid() != 0) return;
    agents::AgentSettings& own = config.data.settings.emplace("fstat", config.data.defaults).first->second;
    const passwd* const nobody = ::getpwnam("nobody");
    if (own.run_as || nobody == nullptr) return;
    own.run_as =
        agents::RunAs{nobody->pw_name, nobody->pw_uid, nobody->pw_gid, {nobody->pw_gid}, nobody->pw_dir};
}

void read_agents(TomlTable& root, RunnerConfig& config) {
    if (std::optional<TomlTable> table = root.table("agents")) {
        table->read("validators", config.agents.validators);
        resolve(config.agents.validators, config);
        read_plugins(*table, config, config.agents);
    }
    config.agents.search_path = config.data.search_path = config.search_path;
    config.data.defaults = config.agents.defaults;
    config.data.validators = config.agents.validators;
    if (std::optional<TomlTable> table = root.table("data")) {
        table->read("serve_fstat", config.has_fstat);
        read_plugins(*table, config, config.data);
    }
    guard_fstat(config);
}

void read_limits(TomlTable& root, RunnerConfig& config) {
    if (std::optional<TomlTable> table = root.table("freshness")) {
        table->read("max_skew_ms", config.max_skew_ms, 100, 600'000);
        table->finish();
    }
    std::optional<TomlTable> table = root.table("limits");
    if (!table) return;
    table->read("max_parallel", config.max_parallel, 1, 10'000);
    table->read("max_waiting", config.max_waiting, 0, 100'000);
    table->read("max_wait_ms", config.max_wait_ms, 0, k_max_ms);
    table->read("max_standby_bytes", config.max_standby_bytes, 0, std::size_t{1} << 40U);
    table->read("max_request_bytes", config.max_request_bytes, 1024, k_max_bytes);
    table->read("max_output_bytes", config.max_output_bytes, 1024, k_max_bytes);
    table->read("max_stderr_bytes", config.max_stderr_bytes, 0, 1U << 20U);
    table->read("grace_ms", config.grace_ms, 0, 600'000);
    table->read("drain_ms", config.drain_ms, 0, 60'000);
    table->read("orphan_max_ms", config.orphan_max_ms, 0, 600'000);
    table->read("shutdown_ms", config.shutdown_ms, 0, k_max_ms);
    table->read("duplicate_entries", config.duplicate_entries, 16, 10'000'000);
    table->read("duplicate_reply_bytes", config.duplicate_reply_bytes, 0, k_max_bytes);
    table->finish();
}

void read_reports(TomlTable& root, RunnerConfig& config) {
    if (std::optional<TomlTable> table = root.table("audit")) {
        table->read("file", config.audit_file);
        table->finish();
    }
    if (std::optional<TomlTable> table = root.table("status")) {
        table->read("file", config.status_file);
        table->read("refresh_ms", config.status_refresh_ms, 1000, k_max_ms);
        table->finish();
    }
    if (std::optional<TomlTable> table = root.table("log")) {
        std::string word = "info";
        table->read("level", word);
        const auto level = log_level_from(word);
        if (level) {
            config.log_level = *level;
        } else {
            table->problem("level", "is '" + word + "', it must be debug, info, warn or error");
        }
        table->finish();
    }
    resolve(config.audit_file, config);
    resolve(config.status_file, config);
}

void read_exec(TomlTable& root, RunnerConfig& config) {
    if (std::optional<TomlTable> table = root.table("exec")) {
        table->read("helpers", config.helpers);
        table->read("cgroup", config.cgroup);
        table->read("search_path", config.search_path);
        table->read("tmp_folder", config.tmp_folder);
        if (std::optional<TomlTable> limits = table->table("limits"))
            read_agent_limits(*limits, config.agents.defaults);
        if (std::optional<TomlTable> choria = table->table("choria"))
            read_choria_settings(*choria, fs::absolute(config.file).parent_path(),
                                 config.agents.defaults.choria);
        table->finish();
    }
    resolve(config.helpers, config);
    resolve(config.tmp_folder, config);
}

void read_node(TomlTable& root, RunnerConfig& config) {
    root.read("identity", config.identity);
    const Result<std::string> identity =
        node::node_identity(config.identity, node::read_host_names(node::MachineFiles("/")));
    if (identity) {
        config.identity = *identity;
    } else {
        root.problem("identity", identity.error().message);
    }
    root.read("collectives", config.collectives);
    if (config.collectives.empty()) root.problem("collectives", "must name at least one");
    for (const std::string& collective : config.collectives) {
        if (!is_collective_name(collective)) {
            root.problem("collectives",
                         "holds " + quote_bytes(collective) + ", which is not a collective's name");
        }
    }
    root.read("state_dir", config.state_dir);
    resolve(config.state_dir, config);
    config.nats.name = "hocketd " + config.identity;
}

}  // namespace

Result<RunnerConfig> read_runner_config(const std::filesystem::path& file) {
    RunnerConfig config;
    config.file = file;
    config.helpers = HOCKET_HELPERS;
    Result<void> read = config::read_toml_file(file, [&config](TomlTable& root) {
        read_node(root, config);
        read_nats(root, config);
        read_keys_config(root, fs::absolute(config.file).parent_path(), config.keys);
        read_allow(root, config);
        read_facts(root, config);
        read_exec(root, config);
        read_agents(root, config);
        read_limits(root, config);
        read_reports(root, config);
    });
    // Whatever is wrong with it, a restart would mend nothing: exit 78, as the service knows.
    if (!read) return Error{ErrorCode::invalid_config, read.error().message, {}};
    if (config.status_file.empty()) config.status_file = config.state_dir / "status.json";
    return config;
}

}  // namespace hocket
