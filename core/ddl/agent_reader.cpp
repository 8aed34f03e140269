#include "core/ddl/agent_reader.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/limits.h"

namespace hocket::ddl {

namespace {

constexpr std::array<std::string_view, 1> k_ignored_metadata = {"service"};

// DESIGN.md §4 describes them, and no version executes them yet.
constexpr std::array<std::string_view, 5> k_reserved_contracts = {"worker", "script", "choria", "bolt",
                                                                  "nagios"};
constexpr std::array<std::string_view, 4> k_reserved_run_keys = {"standby", "input", "result", "exclusive"};

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
    if (fields.require("timeout")) {
        metadata.timeout_s = static_cast<int>(fields.integer("timeout", k_timeout_range).value_or(1));
    }
    fields.refuse_unknown(k_ignored_metadata);
    return metadata;
}

bool leaves_folder(std::string_view path) {
    const std::vector<std::string> steps = split(path, '/');
    return std::find(steps.begin(), steps.end(), "..") != steps.end();
}

std::vector<std::string> read_command(const SourceNode& argv, ReadContext& context) {
    std::vector<std::string> command;
    for (const SourceNode& item : argv.items) {
        if (!item.value.is_string() ||
            item.value.get_ref<const std::string&>().find('\0') != std::string::npos) {
            context.report.error(
                item.offset, "'command' of run may hold strings without U+0000, not " + describe_node(item));
            continue;
        }
        command.push_back(item.value.get<std::string>());
    }
    if (argv.items.empty() || (!command.empty() && command.front().empty())) {
        context.report.error(argv.offset, "'command' of run must begin with an executable");
    } else if (!command.empty() && leaves_folder(command.front())) {
        context.report.error(argv.items.front().offset, "'command' of run leaves the agent's folder by '..'");
    }
    return command;
}

void read_contract(Fields& fields, ReadContext& context) {
    const std::optional<std::string> contract = fields.text("contract");
    if (!contract) return;
    const auto reserved = std::find(k_reserved_contracts.begin(), k_reserved_contracts.end(), *contract);
    if (reserved == k_reserved_contracts.end()) {
        fields.choice("contract", k_contract_words);
    } else {
        context.report.error(fields.offset_of("contract"),
                             "the contract '" + *contract + "' is planned, but not supported by this version",
                             "only 'json' is");
    }
}

void refuse_reserved_keys(Fields& fields, ReadContext& context) {
    for (const std::string_view key : k_reserved_run_keys) {
        if (fields.find(key) == nullptr) continue;
        context.report.error(
            fields.offset_of(key),
            "'" + std::string(key) + "' of run is planned, but not supported by this version");
    }
}

Run read_run(const SourceNode& node, ReadContext& context) {
    Fields fields(node, "run", context);
    Run run;
    if (const SourceNode* const argv = fields.find_array("command")) {
        run.command = read_command(*argv, context);
    }
    read_contract(fields, context);
    if (const auto count = fields.integer("max_parallel", k_max_parallel_range)) {
        run.max_parallel = static_cast<int>(*count);
    }
    run.max_output_bytes = fields.integer("max_output", k_max_output_range);
    if (const auto grace = fields.integer("grace", k_grace_range)) run.grace_s = static_cast<int>(*grace);
    run.orphans = fields.choice("orphans", k_orphans_words, Orphans::kill);
    run.reply = fields.choice("reply", k_reply_words, ReplyWhen::on_exit);
    run.send_stderr = fields.flag("send_stderr").value_or(true);
    refuse_reserved_keys(fields, context);
    fields.refuse_unknown();
    return run;
}

std::vector<Action> read_actions(const SourceNode& list, ReadContext& context) {
    std::vector<Action> actions;
    std::set<std::string> seen;
    for (const SourceNode& node : list.items) {
        if (node.kind != SourceNode::Kind::object) {
            context.report.error(node.offset, "an action must be an object, not " + describe_node(node));
            continue;
        }
        Action action = read_action(node, context);
        if (!action.name.empty() && !seen.insert(action.name).second) {
            context.report.error(node.offset, "action '" + action.name + "' is declared twice");
        }
        actions.push_back(std::move(action));
    }
    std::sort(actions.begin(), actions.end(),
              [](const Action& left, const Action& right) { return left.name < right.name; });
    if (list.items.empty()) context.report.warning(list.offset, "the agent has no actions");
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
            agent.actions = read_actions(*list, context);
        }
    }
    fields.refuse_unknown();
    return agent;
}

}  // namespace hocket::ddl
