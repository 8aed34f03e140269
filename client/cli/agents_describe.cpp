#include "client/cli/commands.h"
#include "client/cli/ddl_lookup.h"
#include "core/base/text.h"
#include "core/ddl/help.h"
#include "core/ddl/writer.h"

namespace hocket::cli {

namespace {

std::string_view to_string(client::AgentDdl::Origin origin) {
    switch (origin) {
        case client::AgentDdl::Origin::folder: return "folder";
        case client::AgentDdl::Origin::cache: return "cache";
        case client::AgentDdl::Origin::node: return "node";
    }
    return "node";
}

Result<std::string> description(const client::AgentDdl& found, const std::string& action) {
    if (action.empty()) return ddl::describe(found.agent);
    const Result<ddl::Action> described = client::find_action(found.agent, action);
    if (!described) return described.error();
    return ddl::describe(found.agent, *described);
}

Json description_json(const client::AgentDdl& found) {
    return {{"schema", "io.hocket.agent_ddl.v1"},
            {"agent", found.agent.metadata.name},
            {"origin", to_string(found.origin)},
            {"place", found.place},
            {"digest", found.digest},
            {"ddl", Json::parse(ddl::canonical_json(found.agent))},
            {"exit_code", 0}};
}

std::string origin_text(const client::AgentDdl& found) {
    return "from " + std::string(to_string(found.origin)) + ' ' + escape_text(found.place) + ", DDL digest " +
           found.digest.substr(0, 12) + '\n';
}

}  // namespace

Result<int> run_agents_describe(const CommandLine& line, const AgentsDescribeCommand& command,
                                Conversation& conversation) {
    const Result<client::AgentDdl> found = find_ddl(conversation, command.agent, Prefer::nodes);
    if (!found) return found.error();
    const Result<std::string> text = description(*found, command.action);
    if (!text) return text.error();
    const Console& console = conversation.console();
    console.out(line.common.json ? dump_json_pretty(description_json(*found)) + '\n' : *text);
    console.err(origin_text(*found));
    return 0;
}

Result<int> run_rpc_help(const RpcHelpCommand& command, Conversation& conversation) {
    const Result<client::AgentDdl> found = find_ddl(conversation, command.agent, Prefer::cache);
    if (!found) return found.error();
    const Result<std::string> text = description(*found, command.action);
    if (!text) return text.error();
    conversation.console().out(*text);
    conversation.console().err(origin_text(*found));
    return 0;
}

}  // namespace hocket::cli
