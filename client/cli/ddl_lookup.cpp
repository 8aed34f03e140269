#include "client/cli/ddl_lookup.h"

#include "core/base/names.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

Result<client::AgentDdl> ask_nodes(Conversation& conversation, const std::string& agent) {
    const Result<Resolved> resolved = resolve(conversation, {}, agent);
    if (!resolved) return resolved.error();
    if (resolved->targets.identities.empty()) {
        std::string why = nobody_text(*resolved->discovered, conversation.config().collective, {});
        why.pop_back();  // the end of its line
        return Error{ErrorCode::usage,
                     "no node tells of an agent '" + agent +
                         "', nor do the folders of [ddl] or the cache describe one; " + why,
                     {}};
    }
    return ddl_of_nodes(conversation, agent, *resolved);
}

}  // namespace

Result<client::AgentDdl> ddl_of_nodes(Conversation& conversation, const std::string& agent,
                                      const Resolved& resolved) {
    if (auto cached = conversation.ddl_source().cached(agent, resolved.targets.ddl_digest))
        return std::move(*cached);
    return conversation.fetch_ddl(agent, resolved.targets.identities);
}

Result<client::AgentDdl> find_ddl(Conversation& conversation, const std::string& agent, Prefer prefer) {
    if (!is_agent_name(agent))
        return Error{ErrorCode::usage, quote_bytes(agent) + " is not an agent's name", {}};
    Result<std::optional<client::AgentDdl>> own = conversation.ddl_source().in_folders(agent);
    if (!own) return own.error();
    if (*own) return std::move(**own);

    std::optional<client::AgentDdl> cached = conversation.ddl_source().last_cached(agent);
    if (cached && prefer == Prefer::cache) return std::move(*cached);
    Result<client::AgentDdl> asked = ask_nodes(conversation, agent);
    if (!asked && cached) return std::move(*cached);
    return asked;
}

}  // namespace hocket::cli
