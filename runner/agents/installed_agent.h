#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/ddl/model.h"
#include "core/process/cgroup.h"
#include "core/process/launch.h"

namespace hocket::builtin {
class BuiltinAgent;
}  // namespace hocket::builtin

namespace hocket::agents {

/// The user that an agent runs as; ids are resolved when the configuration is read, not when the agent starts.
struct RunAs {
    std::string user;
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    std::string home;
};

/// How an external agent of Choria is served: programs of other authors differ (spec/agent.md, the contract `choria`).
struct ChoriaSettings {
    /// What CHORIA_EXTERNAL_CONFIG names: PLUGIN_FOLDER/AGENT, PLUGIN_FOLDER/AGENT.cfg, or PLUGIN_FOLDER.
    enum class Config { name, file, folder };
    /// Through which the request and the reply go.
    enum class Exchange { files, stdio };

    Config config = Config::name;
    Exchange exchange = Exchange::files;
    std::filesystem::path plugin_folder = "/etc/choria/plugin.d";
};

/// What the node's configuration says about one agent; never the request.
struct AgentSettings {
    std::optional<RunAs> run_as;
    process::ChildTraits traits;  ///< dies_with_us is not for the configuration
    process::CgroupLimits cgroup_limits;
    bool has_private_tmp = false;
    bool permits_kept_orphans = false;  ///< lets a DDL's `orphans: keep` hold
    Json config = Json::object();       ///< handed to the agent as it is
    ChoriaSettings choria;
    bool takes_any_parameters = false;  ///< of Puppet Bolt tasks that say nothing of theirs
};

/// What a description that a node runs is called on the network: agents are called, data plugins are asked through `rpcutil`.
enum class Role { agent, data };

/// For messages.
inline std::string noun_of(Role role) {
    return role == Role::data ? "data plugin" : "agent";
}

/// "an agent", "a data plugin".
inline std::string one_of(Role role) {
    return (role == Role::data ? "a " : "an ") + noun_of(role);
}

/// The table of the configuration that is about them, and has one for each.
inline std::string section_of(Role role) {
    return role == Role::data ? "data" : "agents";
}

/// One agent, or data plugin, that this node can run, as it was when it was loaded. Requests that run keep the one they
/// started with. Thread: any; never changed.
struct InstalledAgent {
    Role role = Role::agent;
    ddl::Agent ddl;
    std::string ddl_json;    ///< canonical form (core/ddl/writer.h)
    std::string ddl_digest;  ///< SHA-256 of ddl_json, hexadecimal
    std::filesystem::path folder;
    std::filesystem::path executable;
    AgentSettings settings;
    int ttl_s = 0;                             ///< of a data plugin: for so long an answer may be given again
    builtin::BuiltinAgent* builtin = nullptr;  ///< set for an agent that is part of the daemon

    /// Whether it is asked, after each load, if it wants to serve on this node.
    bool decides_itself() const { return role == Role::agent && ddl.run.contract == ddl::Contract::choria; }

    /// For messages: "agent 'disk'".
    std::string title() const { return noun_of(role) + " '" + ddl.metadata.name + "'"; }
};

}  // namespace hocket::agents
