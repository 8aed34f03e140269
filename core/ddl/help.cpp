#include "core/ddl/help.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/ddl/value_check.h"

namespace hocket::ddl {

namespace {

std::string padded(std::string_view text, std::size_t width) {
    std::string column(text);
    if (column.size() < width) column.append(width - column.size(), ' ');
    return column;
}

std::string line(std::string_view label, const std::string& text) {
    return text.empty() ? std::string() : "  " + padded(label, 14) + escape_text(text) + "\n";
}

/// Each line of a text behind the same indent.
std::string paragraph(std::string_view text, std::string_view indent) {
    std::string lines;
    for (const std::string& one : split(trim(text), '\n'))
        lines += std::string(indent) + escape_text(one) + "\n";
    return lines;
}

template <class Named>
std::size_t widest_name(const std::vector<Named>& all) {
    std::size_t width = 0;
    for (const Named& one : all)
        width = std::max(width, one.name.size());
    return width;
}

std::string seconds(int count) {
    return std::to_string(count) + " s";
}

std::string describe_safety(Safety safety) {
    switch (safety) {
        case Safety::read_only: return "read_only: changes nothing";
        case Safety::changes: return "changes: may change the node";
        case Safety::destructive: return "destructive: may destroy what cannot be brought back";
    }
    return {};
}

std::string describe_run(const Run& run) {
    std::string text =
        line("command", join(run.command, " ")) + line("contract", std::string(to_string(run.contract)));
    if (run.max_parallel) text += line("max_parallel", std::to_string(*run.max_parallel));
    if (run.max_output_bytes) text += line("max_output", std::to_string(*run.max_output_bytes) + " bytes");
    if (run.grace_s) text += line("grace", seconds(*run.grace_s));
    return text;
}

std::string describe_input(const Input& input, std::size_t width) {
    const std::string indent(width + 6, ' ');
    std::string text = "  " + padded(input.name, width) + "  " + describe_limits(input) + "\n";
    text += paragraph(input.description, indent);
    for (const std::string& rule : rules_of(input))
        text += paragraph(rule, indent);
    if (input.default_value) {
        text += paragraph("default: " + show_value(*input.default_value, false), indent);
    }
    return text;
}

std::string describe_output(const Output& output, std::size_t width) {
    const std::string indent(width + 6, ' ');
    std::string text = "  " + padded(output.name, width) + "  " + describe_type(output) +
                       (output.sensitive ? ", sensitive" : "") + "\n";
    text += paragraph(output.description, indent);
    if (output.default_value) {
        text += paragraph("default: " + show_value(*output.default_value, output.sensitive), indent);
    }
    return text;
}

std::string lines(const std::vector<Fact>& facts) {
    std::string text;
    for (const Fact& fact : facts)
        text += line(fact.label, fact.text);
    return text;
}

}  // namespace

std::vector<Fact> facts_of(const Metadata& metadata) {
    std::vector<Fact> facts = {{"author", metadata.author},
                               {"license", metadata.license},
                               {"url", metadata.url},
                               {"provider", metadata.provider},
                               {"timeout", seconds(metadata.timeout_s)}};
    std::erase_if(facts, [](const Fact& fact) { return fact.text.empty(); });
    return facts;
}

std::vector<Fact> facts_of(const Agent& agent, const Action& action) {
    return {{"safety", describe_safety(action.safety)},
            {"timeout", seconds(agent.timeout_s(action))},
            {"noop", action.noop ? "yes: --noop tells what would be done" : "no"},
            {"idempotent", action.idempotent ? "yes: safe to repeat" : "no"},
            {"shown replies", std::string(to_string(action.display))}};
}

std::vector<std::string> rules_of(const Input& input) {
    std::vector<std::string> rules;
    if (!input.validation.text().empty()) rules.push_back("must be " + input.validation.describe());
    if (!input.puppet_type.text().empty()) rules.push_back("of the type " + input.puppet_type.text());
    if (input.list.empty()) return rules;
    std::vector<std::string> values = text_forms(input.list);
    std::replace(values.begin(), values.end(), std::string(), std::string("\"\""));
    rules.push_back("one of: " + join(values, ", "));
    return rules;
}

std::string describe_length(const Input& input) {
    return input.maxlength == 0 ? "" : "at most " + std::to_string(input.maxlength) + " characters";
}

std::string describe_limits(const Input& input) {
    std::string text =
        std::string(to_string(input.type)) + (input.is_required() ? ", required" : ", optional");
    if (input.sensitive) text += ", sensitive";
    if (const std::string length = describe_length(input); !length.empty()) text += ", " + length;
    return text;
}

std::string describe_type(const Output& output) {
    return std::string(output.type ? to_string(*output.type) : "any type");
}

std::vector<Input> required_first(std::vector<Input> inputs) {
    std::stable_partition(inputs.begin(), inputs.end(),
                          [](const Input& input) { return input.is_required(); });
    return inputs;
}

std::string describe_allow(const Agent& agent) {
    if (agent.allow == Allow::any) return {};
    return "It serves callers for whom an allow rule of the node names it; a rule for all agents does not.";
}

std::string describe(const Agent& agent) {
    const Metadata& metadata = agent.metadata;
    std::string text = metadata.name + " " + escape_text(metadata.version) + "\n" +
                       paragraph(metadata.description, "  ") + "\n" + lines(facts_of(metadata));
    if (agent.has_run) text += describe_run(agent.run);
    if (const std::string allow = describe_allow(agent); !allow.empty())
        text += "\n" + paragraph(allow, "  ");
    text += "\nActions\n";
    const std::size_t width = widest_name(agent.actions);
    for (const Action& action : agent.actions) {
        if (action.is_private) continue;
        text += "  " + padded(action.name, width) + "  " + padded(to_string(action.safety), 11) + "  " +
                escape_text(action.description) + "\n";
    }
    return text;
}

std::string describe(const Agent& agent, const Action& action) {
    std::string text = agent.metadata.name + " " + action.name + "\n" + paragraph(action.description, "  ") +
                       "\n" + line("command", join(action.script.command, " ")) +
                       lines(facts_of(agent, action));
    text += action.inputs.empty() ? "\nNo inputs\n" : "\nInputs\n";
    for (const Input& input : required_first(action.inputs)) {
        text += describe_input(input, widest_name(action.inputs));
    }
    text += action.outputs.empty() ? "\nNo declared outputs\n" : "\nOutputs\n";
    for (const Output& output : action.outputs)
        text += describe_output(output, widest_name(action.outputs));
    return text;
}

std::string describe(const Aggregate& aggregate) {
    std::vector<std::string> arguments;
    for (const Json& argument : aggregate.args)
        arguments.push_back(text_form(argument));
    return aggregate.function + "(" + join(arguments, ", ") + ")";
}

}  // namespace hocket::ddl
