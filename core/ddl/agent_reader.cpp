
#include <algorithm>
#include <map>
#include <set>

#include "core/base/names.h"
#include "core/ddl/action_reader.h"
#include "core/ddl/description_reader.h"
#include "core/ddl/run_reader.h"

namespace hocket::ddl {

namespace {

std::vector<Action> read_actions(const SourceNode& list, const RunBlock& block, ReadContext& context) {
    std::vector<Action> actions;
    std::map<std::string, std::size_t> seen;
    for (const SourceNode& node : list.items) {
        if (node.kind != SourceNode::Kind::object) {
            context.report.error(node.offset, "an action must be an object, not " + describe_node(node));
            continue;
        }
        Action action = read_action(node, block, context);
        const auto [first, is_new] = seen.emplace(action.name, node.offset);
        if (!is_new && !action.name.empty()) {
            context.report.error(node.offset, "action '" + action.name + "' is declared twice", "",
                                 {{first->second, "it is declared here first"}});
        }
        actions.push_back(std::move(action));
    }
    std::sort(actions.begin(), actions.end(),
              [](const Action& left, const Action& right) { return left.name < right.name; });
    if (list.items.empty())
        context.report.warning(Warning::no_actions, list.offset, "the agent has no actions");
    return actions;
}

std::set<std::string> validations_of(const Agent& agent) {
    std::set<std::string> texts;
    for (const Action& action : agent.actions) {
        for (const Input& input : action.inputs)
            texts.insert(input.validation.text());
    }
    return texts;
}

/// One that no action uses stands beside a `result` that was forgotten.
void check_pattern_of_run(const Agent& agent, const RunBlock& block, ReadContext& context) {
    const Script& script = agent.run.script;
    if (script.pattern.empty() || script.result == ResultFormat::regex || agent.actions.empty()) return;
    const auto uses_it = [&](const Action& action) {
        return agent.script_of(action).result == ResultFormat::regex;
    };
    if (std::ranges::any_of(agent.actions, uses_it)) return;
    const Fields run(*block.node, "run", context);
    context.report.error(run.offset_of("pattern"), "run: 'pattern' is for the result 'regex'",
                         "add 'result: regex'");
}

}  // namespace

Agent read_agent(Fields& fields, Metadata metadata, ReadContext& context) {
    Agent agent;
    agent.metadata = std::move(metadata);
    const RunBlock block = read_run(fields, agent.metadata, context);
    agent.run = block.run;
    agent.has_run = block.node != nullptr;
    fields.guard("allow");
    agent.allow = fields.choice("allow", k_allow_words, Allow::any);
    const bool may_have_none =
        context.dialect == Dialect::mcollective;  // its plugins of other kinds lie there too
    if (may_have_none && fields.find("actions") == nullptr) {
        if (!context.is_partial)
            context.report.warning(Warning::no_actions, fields.offset(), "the agent has no actions");
    } else if (fields.require("actions")) {
        if (const SourceNode* const list = fields.find_array("actions")) {
            agent.actions = read_actions(*list, block, context);
            check_pattern_of_run(agent, block, context);
        }
    }
    agent.validators = context.validators.used_by(validations_of(agent));
    return agent;
}

}  // namespace hocket::ddl
