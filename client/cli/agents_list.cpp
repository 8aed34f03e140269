#include <algorithm>
#include <map>

#include "client/cli/ask.h"
#include "client/cli/commands.h"
#include "client/cli/layout.h"
#include "client/cli/report_json.h"
#include "core/base/names.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

/// One agent as the nodes have it.
struct AgentRow {
    std::size_t nodes = 0;
    std::map<std::string, std::size_t> versions;
    std::map<std::string, std::size_t> digests;
    std::string description;  ///< of the node heard first
};

using AgentRows = std::map<std::string, AgentRow>;

std::string text_member(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void add_agent(AgentRows& rows, const Json& agent) {
    if (!agent.is_object()) return;
    const std::string name = text_member(agent, "agent");
    if (!is_agent_name(name)) return;
    AgentRow& row = rows[name];
    if (row.nodes++ == 0) row.description = text_member(agent, "description");
    ++row.versions[text_member(agent, "version")];
    ++row.digests[text_member(agent, "ddl_digest")];
}

AgentRows rows_of(const Report& report) {
    AgentRows rows;
    for (const auto& [identity, data] : data_by_identity(report)) {
        const Json agents = data.value("agents", Json());
        if (!agents.is_array()) continue;
        for (const Json& agent : agents)
            add_agent(rows, agent);
    }
    return rows;
}

/// "1.2.0", or "1.1.0 (2), 1.2.0 (3)" where nodes differ.
std::string versions_text(const AgentRow& row) {
    if (row.versions.size() == 1) return escape_text(row.versions.begin()->first);
    std::vector<std::string> parts;
    for (const auto& [version, count] : row.versions) {
        parts.push_back(escape_text(version) + " (" + std::to_string(count) + ')');
    }
    return join(parts, ", ");
}

std::string table_text(const AgentRows& rows, const Style& style) {
    std::size_t name_width = std::string_view("AGENT").size();
    std::size_t version_width = std::string_view("VERSION").size();
    for (const auto& [name, row] : rows) {
        name_width = std::max(name_width, name.size());
        version_width = std::max(version_width, versions_text(row).size());
    }
    const auto line = [&](const std::string& name, const std::string& nodes, const std::string& version) {
        return padded_right(name, name_width) + "  " + padded_left(nodes, 5) + "  " +
               padded_right(version, version_width) + "  ";
    };
    std::string text = style.bold(line("AGENT", "NODES", "VERSION") + "DESCRIPTION") + '\n';
    for (const auto& [name, row] : rows) {
        text +=
            line(name, std::to_string(row.nodes), versions_text(row)) + escape_text(row.description) + '\n';
    }
    return text;
}

Json table_json(const AgentRows& rows, const Report& report) {
    Json agents = Json::array();
    for (const auto& [name, row] : rows) {
        agents.push_back({{"agent", name},
                          {"nodes", row.nodes},
                          {"versions", row.versions},
                          {"ddl_digests", row.digests},
                          {"description", row.description}});
    }
    Json document = own_report_json(report, "io.hocket.agents.v1");
    document["agents"] = agents;
    return document;
}

}  // namespace

Result<int> run_agents_list(const CommandLine& line, Conversation& conversation) {
    const Result<Report> report = ask_rpcutil(line, "agent_inventory", Json::object(), conversation);
    if (!report) return report.error();
    const Console& console = conversation.console();
    const AgentRows rows = rows_of(*report);
    console.out(line.common.json ? dump_json_pretty(table_json(rows, *report)) + '\n'
                                 : table_text(rows, console.out_style));
    console.err(rest_text(line, *report, conversation));
    return report->exit_code;
}

}  // namespace hocket::cli
