#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/ddl/validator_rule.h"
#include "runner/agents/installed_agent.h"

namespace hocket::agents {

struct AgentFolders {
    std::vector<std::filesystem::path> folders = {};
    AgentSettings defaults = {};                                  ///< of agents without settings of their own
    std::map<std::string, AgentSettings> settings = {};           ///< by agent, complete
    std::filesystem::path validators = ddl::k_validators_folder;  ///< that DDLs may name (spec/ddl.md)
    Role role = Role::agent;                                      ///< of what is in them
    std::string search_path = {};                                 ///< of programs; empty: not known

    /// Its own, or the defaults.
    const AgentSettings& settings_of(const std::string& agent) const;
};

/// One thing about one agent that keeps it from loading, or that its author should know.
struct LoadProblem {
    enum class Kind { refused, warning };
    Kind kind;
    std::string agent;
    std::string message;
};

/// Reads what is in the folders, the first folder's first: two may have one name. One that cannot be read is left out, with a
/// problem.
///
/// An agent is a folder FOLDER/NAME with NAME.json or NAME.yaml and an executable; the DDL's name is the folder's.
/// Folders without a DDL (libraries) are not agents; one with a DDL of another name is warned of. A FOLDER may also be as
/// Choria has it, with the DDLs of external agents in it, FOLDER/NAME.json, and FOLDER/NAME a module of Puppet, whose tasks
/// are its actions. Executable and DDL must be owned by root or this user and not writable by others.
///
/// Thread: any.
std::vector<std::shared_ptr<const InstalledAgent>> read_agents(const AgentFolders& folders,
                                                               std::vector<LoadProblem>& problems);

}  // namespace hocket::agents
