#pragma once

#include <string>
#include <vector>

#include "runner/agents/valid_call.h"
#include "runner/execution/surroundings.h"

namespace hocket::execution {

/// Whether processes that it leaves behind live on: its DDL wants it, and the node permits it.
bool keeps_orphans(const agents::InstalledAgent& agent);

/// Where the folder of an execution is, if it has one.
std::string scratch_path(const std::string& execution_id, const Surroundings& surroundings);

/// The folder that an execution has for its temporary files alone; empty: it has none. One that keeps orphans has none, since
/// nobody would know when it may go.
std::string scratch_folder(const agents::InstalledAgent& agent, const std::string& execution_id,
                           const Surroundings& surroundings);

/// The environment of an agent's process that was started for no certain call, complete, as NAME=VALUE (spec/agent.md,
/// environment). Nothing of the daemon's own goes in.
std::vector<std::string> agent_environment(const agents::InstalledAgent& agent,
                                           const std::string& execution_id, const Surroundings& surroundings);

/// What a process that was started for one call has beside it. Inputs are there as HOCKET_INPUT_<NAME>, upper case, save
/// those that are sensitive, would exceed 32 KiB in total, or hold U+0000: their names are in HOCKET_INPUT_OMITTED, which
/// is set only then.
void add_call(const agents::ValidCall& call, const ExecutionContext& context,
              std::vector<std::string>& environment);

/// Whom a request is for: a worker is also told its `id`, which its reply repeats.
enum class ReadBy { one_shot, worker };

/// The JSON object that an agent reads (spec/agent.md, request), as text.
std::string agent_request(const agents::ValidCall& call, const ExecutionContext& context,
                          const std::string& identity, ReadBy reader);

}  // namespace hocket::execution
