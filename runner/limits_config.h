#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/config/toml_table.h"
#include "runner/agents/agent_store.h"

namespace hocket {

/// Agents and data plugins, as their tables have them. Never empty; all have the same defaults.
using Plugins = std::vector<std::reference_wrapper<const agents::AgentFolders>>;

/// A table with limits of agents, `[exec.limits]` or `[agents.NAME.limits]`: what it names replaces what is in the settings.
void read_agent_limits(config::TomlTable& table, agents::AgentSettings& settings);

/// Which kinds of limits of a cgroup the settings need; the values mean nothing.
process::CgroupLimits cgroup_kinds(const Plugins& plugins);

/// What is set and cannot hold for the user of the agent, within this process's own limits or on the disks of this machine, with the
/// remedy: one text for each. block: as /sys/block. Limits of a cgroup and private_tmp are told where cgroups and agents are opened.
std::vector<std::string> unenforceable_limits(const Plugins& plugins,
                                              const std::filesystem::path& block = "/sys/block");

}  // namespace hocket
