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

std::string describe_limits(const Input& input) {
    std::string text = std::string(to_string(input.type)) + (input.optional ? ", optional" : ", required");
    if (input.sensitive) text += ", sensitive";
    if (input.maxlength != 0) text += ", at most " + std::to_string(input.maxlength) + " characters";
    return text;
}

std::string describe_input(const Input& input, std::size_t width) {
    const std::string indent(width + 6, ' ');
    std::string text = "  " + padded(input.name, width) + "  " + describe_limits(input) + "\n";
    text += paragraph(input.description, indent);
    if (!input.validation.text().empty()) text += paragraph("must be " + input.validation.describe(), indent);
    if (!input.list.empty()) text += paragraph("one of: " + join(text_forms(input.list), ", "), indent);
    if (input.default_value) {
        text += paragraph("default: " + show_value(*input.default_value, false), indent);
    }
    return text;
}

std::string describe_output(const Output& output, std::size_t width) {
    const std::string indent(width + 6, ' ');
    std::string text = "  " + padded(output.name, width) + "  " +
                       std::string(output.type ? to_string(*output.type) : "any type") +
                       (output.sensitive ? ", sensitive" : "") + "\n";
    text += paragraph(output.description, indent);
    if (output.default_value) {
        text += paragraph("default: " + show_value(*output.default_value, output.sensitive), indent);
    }
    return text;
}

std::vector<Input> required_first(std::vector<Input> inputs) {
    std::stable_partition(inputs.begin(), inputs.end(), [](const Input& input) { return !input.optional; });
    return inputs;
}

}  // namespace

std::string describe(const Agent& agent) {
    const Metadata& metadata = agent.metadata;
    std::string text = metadata.name + " " + escape_text(metadata.version) + "\n" +
                       paragraph(metadata.description, "  ") + "\n" + line("author", metadata.author) +
                       line("license", metadata.license) + line("url", metadata.url) +
                       line("provider", metadata.provider) + line("timeout", seconds(metadata.timeout_s));
    if (agent.has_run) text += describe_run(agent.run);
    text += "\nActions\n";
    const std::size_t width = widest_name(agent.actions);
    for (const Action& action : agent.actions) {
        text += "  " + padded(action.name, width) + "  " + padded(to_string(action.safety), 11) + "  " +
                escape_text(action.description) + "\n";
    }
    return text;
}

std::string describe(const Agent& agent, const Action& action) {
    std::string text = agent.metadata.name + " " + action.name + "\n" + paragraph(action.description, "  ") +
                       "\n" + line("command", join(action.script.command, " ")) +
                       line("safety", describe_safety(action.safety)) +
                       line("timeout", seconds(agent.timeout_s(action))) +
                       line("noop", action.noop ? "yes: --noop tells what would be done" : "no") +
                       line("idempotent", action.idempotent ? "yes: safe to repeat" : "no") +
                       line("shown replies", std::string(to_string(action.display)));
    text += action.inputs.empty() ? "\nNo inputs\n" : "\nInputs\n";
    for (const Input& input : required_first(action.inputs)) {
        text += describe_input(input, widest_name(action.inputs));
    }
    text += action.outputs.empty() ? "\nNo declared outputs\n" : "\nOutputs\n";
    for (const Output& output : action.outputs)
        text += describe_output(output, widest_name(action.outputs));
    return text;
}

}  // namespace hocket::ddl
