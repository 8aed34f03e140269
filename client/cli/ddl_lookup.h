#pragma once

#include <string>

#include "client/cli/conversation.h"
#include "client/cli/resolve.h"
#include "client/lib/ddl_source.h"

namespace hocket::cli {

/// The DDL that these nodes have: from the cache by its digest, else from one of them.
/// Errors: those of Conversation::fetch_ddl.
Result<client::AgentDdl> ddl_of_nodes(Conversation& conversation, const std::string& agent,
                                      const Resolved& resolved);

/// Where to look after the folders: help has to be quick and to work without a broker, a description has to be true.
enum class Prefer { cache, nodes };

/// Errors: io, invalid_ddl, those of Session::open, unknown_agent.
Result<client::AgentDdl> find_ddl(Conversation& conversation, const std::string& agent, Prefer prefer);

}  // namespace hocket::cli
