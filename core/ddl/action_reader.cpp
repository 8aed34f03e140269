#include "core/ddl/action_reader.h"

#include <array>

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/aggregate_function.h"
#include "core/ddl/field_reader.h"
#include "core/ddl/limits.h"
#include "core/ddl/plugin_action.h"
#include "core/ddl/run_reader.h"

namespace hocket::ddl {

namespace {

std::vector<std::string> output_names(const Action& action) {
    std::vector<std::string> names;
    for (const Output& output : action.outputs)
        names.push_back(output.name);
    return names;
}

void check_aggregated_output(const SourceNode& args, const std::string& owner, const Action& action,
                             ReadContext& context) {
    if (args.items.empty() || !args.items.front().value.is_string()) {
        context.object_to(Warning::aggregate_output, args.offset,
                          "'args' of " + owner + " must begin with the name of an output");
        return;
    }
    const std::size_t offset = args.items.front().offset;
    const std::string name = args.items.front().value.get<std::string>();
    const Output* const output = action.find_output(name);
    if (output == nullptr) {
        if (context.is_partial) return;
        context.object_to(Warning::aggregate_output, offset,
                          owner + " is over the output '" + name + "', which is not declared",
                          did_you_mean(name, output_names(action)));
    } else if (output->sensitive) {
        context.report.error(offset, owner + " is over the output '" + name +
                                         "', which is sensitive: a summary would show its values");
    }
}

bool has_numbers(const Output& output) {
    switch (output.type.value_or(Type::any)) {
        case Type::boolean:
        case Type::array:
        case Type::hash: return false;
        case Type::string:  // Choria's say so of numbers
        case Type::integer:
        case Type::floating:
        case Type::number:
        case Type::list:
        case Type::any: break;
    }
    return true;
}

/// Of one that calculates: what is no number is passed over.
void check_for_numbers(const Aggregate& aggregate, const Action& action, const Fields& fields,
                       ReadContext& context) {
    const std::optional<AggregateFunction> function = aggregate_function_named(aggregate.function);
    const bool is_named = !aggregate.args.empty() && aggregate.args.front().is_string();
    if (!function || counts_values(*function) || !is_named) return;
    const Output* const output = action.find_output(aggregate.args.front().get<std::string>());
    if (output == nullptr || has_numbers(*output)) return;
    context.report.warning(Warning::aggregate_output, fields.offset_of("args"),
                           fields.owner() + " never has a value: " + aggregate.function +
                               " is for numbers, and the output '" + output->name + "' is of type " +
                               std::string(to_string(*output->type)),
                           "summary counts values of any type");
}

/// A function that is not ours may be somebody's plugin: the replies are shown all the same.
void check_function(const Aggregate& aggregate, const Fields& fields, ReadContext& context) {
    if (aggregate.function.empty()) return;
    if (!aggregate_function_named(aggregate.function)) {
        const std::vector<std::string> words(k_aggregate_function_words.begin(),
                                             k_aggregate_function_words.end());
        const std::string meant = did_you_mean(aggregate.function, words);
        context.report.warning(
            Warning::unknown_aggregate, fields.offset_of("function"),
            "no client computes the function '" + aggregate.function + "' of " + fields.owner(),
            meant.empty() ? "there are " + join(words, ", ") : meant);
    } else if (const Result<AggregateRule> rule = compile_aggregate(aggregate); !rule) {
        context.report.warning(Warning::aggregate_format, fields.offset_of("args"),
                               fields.owner() + ": " + rule.error().message);
    }
}

Aggregate read_aggregate(const SourceNode& node, const std::string& action_owner, const Action& action,
                         ReadContext& context) {
    const std::string owner = "an aggregate of " + action_owner;
    Fields fields(node, owner, context);
    Aggregate aggregate;
    aggregate.at = context.report.source().locate(node.offset);
    aggregate.function = fields.required_text("function");
    if (fields.require("args")) {
        if (const SourceNode* const args = fields.find_array("args")) {
            aggregate.args = args->to_json();
            check_aggregated_output(*args, owner, action, context);
            if (!args->items.empty()) check_function(aggregate, fields, context);
            check_for_numbers(aggregate, action, fields, context);
        }
    }
    fields.refuse_unknown();
    return aggregate;
}

std::vector<Aggregate> read_aggregates(const SourceNode& list, const std::string& owner, const Action& action,
                                       ReadContext& context) {
    std::vector<Aggregate> aggregates;
    for (const SourceNode& node : list.items) {
        if (node.kind == SourceNode::Kind::object) {
            aggregates.push_back(read_aggregate(node, owner, action, context));
        } else {
            context.report.error(
                node.offset, "an aggregate of " + owner + " must be an object, not " + describe_node(node));
        }
    }
    return aggregates;
}

Script read_action_script(Fields& fields, const std::string& owner, ReadContext& context) {
    Script script = read_script(fields, context);
    if (const SourceNode* const argv = fields.find_array("command"))
        script.command = read_command(*argv, owner, context);
    return script;
}

constexpr std::array<std::string_view, 7> k_contract_keys = {
    "command", "stdin", "result", "pattern", "exit_codes", "input_method", "any_inputs"};

/// Its own of contract `bolt`. What nobody could give in secret must not be sensitive.
void read_task_keys(Fields& fields, Action& action, ReadContext& context) {
    action.input_method = fields.choice("input_method", k_input_method_words, InputMethod::both);
    action.any_inputs = fields.flag("any_inputs").value_or(false);
    Script program;
    program.command = action.script.command;
    if (program != action.script || program.command.size() > 1) {
        context.report.error(
            fields.offset_of("command"),
            fields.owner() + ": a task gets no arguments, and `input_method` says how its parameters");
    }
    if (action.input_method != InputMethod::environment) return;
    for (const Input& input : action.inputs) {
        if (!input.sensitive) continue;
        context.report.error(fields.offset_of("input_method"),
                             fields.owner() + ": the input '" + input.name +
                                 "' is sensitive, and the input method `environment` would show it to others",
                             "use stdin, or both: then it is left out of the environment");
    }
}

/// Whoever writes them forgot most often to name the contract.
void refuse_keys_of_commands(Fields& fields, Contract contract, ReadContext& context) {
    if (has_commands(contract)) return;
    for (const std::string_view key : {"command", "stdin", "result", "pattern", "exit_codes"}) {
        if (fields.find(key) == nullptr) continue;
        context.object_to(Warning::unknown_key, fields.offset_of(key),
                          "'" + std::string(key) + "' of " + fields.owner() +
                              " has no meaning under the contract '" + std::string(to_string(contract)) + "'",
                          "a program with a command is `run: {contract: script}`");
    }
}

void check_script_of(const Action& action, const Fields& fields, const RunBlock& block,
                     ReadContext& context) {
    std::optional<Fields> run_fields;
    if (block.node != nullptr) run_fields.emplace(*block.node, "run", context);
    check_script(fields, action, block.run, context, run_fields ? &*run_fields : nullptr);
}

}  // namespace

Action read_action(const SourceNode& node, const RunBlock& block, ReadContext& context) {
    const Run& run = block.run;
    Action action;
    action.name = Fields(node, "an action", context).required_name("action", is_action_name);
    const std::string owner = "action '" + action.name + "'";
    Fields fields(node, owner, context);
    fields.find("action");
    action.at = context.report.source().locate(fields.offset_of("action"));
    if (has_commands(run.contract)) action.script = read_action_script(fields, owner, context);
    const bool is_plugin = run.contract == Contract::nagios;
    if (is_plugin) {
        action.description = fields.text("description").value_or(description_of_plugin(action, run));
    } else {
        action.description = fields.required_text("description");
    }
    action.display = fields.choice("display", k_display_words, is_plugin ? Display::always : Display::failed);
    action.safety = fields.choice("safety", k_safety_words, is_plugin ? Safety::read_only : Safety::changes);
    action.noop = fields.flag("noop").value_or(false);
    action.idempotent = fields.flag("idempotent").value_or(false);
    if (const auto timeout = fields.integer("timeout", k_timeout_range)) {
        action.timeout_s = static_cast<int>(*timeout);
    }
    if (const SourceNode* const inputs = fields.find_object("input")) {
        action.inputs = read_inputs(*inputs, owner, context);
    }
    if (const SourceNode* const outputs = fields.find_object("output")) {
        action.outputs = read_outputs(*outputs, owner, context);
    }
    if (is_plugin) complete_plugin_action(fields, action, run, context);
    if (const SourceNode* const list = fields.find_array("aggregate")) {
        action.aggregates = read_aggregates(*list, owner, action, context);
    } else if (is_plugin) {
        action.aggregates = {summary_of_states()};
    }
    action.exclusive = read_lock(fields, context);
    action.is_private = fields.flag("private").value_or(false);
    if (run.contract == Contract::bolt) read_task_keys(fields, action, context);
    if (has_commands(run.contract)) check_script_of(action, fields, block, context);
    if (context.is_contract_known) {
        refuse_keys_of_commands(fields, run.contract, context);
    } else {
        fields.pass(k_contract_keys);
    }
    fields.refuse_unknown();
    return action;
}

}  // namespace hocket::ddl
