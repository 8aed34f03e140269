#include "core/ddl/agent_reader.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/names.h"
#include "core/ddl/limits.h"
#include "core/ddl/run_reader.h"

namespace hocket::ddl {

namespace {

constexpr std::array<std::string_view, 1> k_ignored_metadata = {"service"};

Metadata read_metadata(const SourceNode& node, ReadContext& context) {
    Fields fields(node, "metadata", context);
    Metadata metadata;
    metadata.name = fields.required_name("name", is_agent_name);
    metadata.at = context.report.source().locate(fields.offset_of("name"));
    metadata.description = fields.required_text("description");
    metadata.author = fields.required_text("author");
    metadata.license = fields.required_text("license");
    metadata.version = fields.required_text("version");
    metadata.url = fields.required_text("url");
    metadata.provider = fields.text("provider").value_or("");
    metadata.usage = fields.text("usage").value_or("");
    if (fields.require("timeout")) {
        metadata.timeout_s = static_cast<int>(fields.integer("timeout", k_timeout_range).value_or(1));
    }
    fields.refuse_unknown(k_ignored_metadata);
    return metadata;
}

std::vector<Action> read_actions(const SourceNode& list, const Run& run, ReadContext& context) {
    std::vector<Action> actions;
    std::set<std::string> seen;
    for (const SourceNode& node : list.items) {
        if (node.kind != SourceNode::Kind::object) {
            context.report.error(node.offset, "an action must be an object, not " + describe_node(node));
            continue;
        }
        Action action = read_action(node, run, context);
        if (!action.name.empty() && !seen.insert(action.name).second) {
            context.report.error(node.offset, "action '" + action.name + "' is declared twice");
        }
        actions.push_back(std::move(action));
    }
    std::sort(actions.begin(), actions.end(),
              [](const Action& left, const Action& right) { return left.name < right.name; });
    if (list.items.empty())
        context.report.warning(Warning::no_actions, list.offset, "the agent has no actions");
    return actions;
}

}  // namespace

Agent read_agent(const SourceNode& root, ReadContext& context) {
    Agent agent;
    if (root.kind != SourceNode::Kind::object) {
        context.report.error(root.offset, "a DDL must be an object, not " + describe_node(root));
        return agent;
    }
    Fields fields(root, "the DDL", context);
    fields.find("$schema");
    if (fields.require("metadata")) {
        if (const SourceNode* const node = fields.find_object("metadata")) {
            agent.metadata = read_metadata(*node, context);
        }
    }
    if (const SourceNode* const node = fields.find_object("run")) {
        agent.run = read_run(*node, context);
        agent.has_run = true;
    }
    if (agent.run.command.empty()) agent.run.command = {agent.metadata.name};
    if (fields.require("actions")) {
        if (const SourceNode* const list = fields.find_array("actions")) {
            agent.actions = read_actions(*list, agent.run, context);
        }
    }
    fields.refuse_unknown();
    return agent;
}

}  // namespace hocket::ddl
