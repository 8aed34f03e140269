#include "core/ddl/plugin_action.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/ddl/argument_template.h"

namespace hocket::ddl {

namespace {

// Of a threshold, a URL, a path; long enough for each, and short enough for a command line.
constexpr std::size_t k_max_argument = 512;

struct PluginOutputField {
    const char* name;
    const char* display_as;
    const char* description;
    Type type;
};

constexpr std::array<PluginOutputField, 5> k_outputs = {{
    {"exitcode", "Exit code", "0 to 3, as the state", Type::integer},
    {"status", "Status", "OK, WARNING, CRITICAL or UNKNOWN", Type::string},
    {"text", "Text", "What the plugin says in its first line", Type::string},
    {"details", "Details", "What it says in further lines", Type::string},
    {"perfdata", "Performance data",
     "What it measured: label, value, unit, warning, critical, minimum, maximum of each", Type::array},
}};

Input input_for(const std::string& name) {
    Input input;
    input.name = name;
    input.prompt = name;
    input.description = "Goes into the plugin's command line";
    input.optional = true;
    input.maxlength = k_max_argument;
    input.validation = Validation::compile("shellsafe").value();
    return input;
}

template <class Field>
void sort_by_name(std::vector<Field>& fields) {
    std::ranges::sort(fields, {}, &Field::name);
}

Result<ArgumentTemplate> command_of(const Action& action, const Run& run) {
    return ArgumentTemplate::parse(action.script.command.empty() ? run.command : action.script.command);
}

void add_inputs(Action& action, const Run& run) {
    const Result<ArgumentTemplate> command = command_of(action, run);
    if (!command) return;  // check_script() says why
    for (const ArgumentTemplate::Place& place : command->places()) {
        const bool is_plain = place.use == ArgumentTemplate::Use::text && place.name != "action";
        if (is_plain && action.find_input(place.name) == nullptr)
            action.inputs.push_back(input_for(place.name));
    }
    sort_by_name(action.inputs);
}

bool is_number(Type type) {
    return type == Type::integer || type == Type::floating || type == Type::number;
}

void check_output(const Fields& fields, const Output& output, ReadContext& context) {
    if (!output.type) return;
    const auto fixed = std::ranges::find(k_outputs, std::string_view(output.name), &PluginOutputField::name);
    const bool fits = fixed == k_outputs.end() ? is_number(*output.type) : *output.type == fixed->type;
    if (fits) return;
    const std::string wanted = fixed == k_outputs.end() ? "a number: it takes the measurement of that label"
                                                        : std::string(to_string(fixed->type));
    context.report.error(
        fields.offset_of("output"),
        fields.owner() + ": under the contract 'nagios' the output '" + output.name + "' is " + wanted);
}

void add_outputs(Action& action) {
    for (const PluginOutputField& field : k_outputs) {
        if (action.find_output(field.name) != nullptr) continue;
        Output output;
        output.name = field.name;
        output.description = field.description;
        output.display_as = field.display_as;
        output.type = field.type;
        action.outputs.push_back(std::move(output));
    }
    sort_by_name(action.outputs);
}

}  // namespace

void complete_plugin_action(const Fields& fields, Action& action, const Run& run, ReadContext& context) {
    const Script& script = action.script;
    if (script.result || script.exit_codes || !script.pattern.empty()) {
        context.report.error(fields.offset(),
                             fields.owner() +
                                 ": 'result', 'pattern' and 'exit_codes' have no meaning under the "
                                 "contract 'nagios', which says what a plugin's output means");
    }
    for (const Output& output : action.outputs)
        check_output(fields, output, context);
    add_inputs(action, run);
    add_outputs(action);
}

Aggregate summary_of_states() {
    return {"summary", Json::array({"status"}), {}};
}

std::string description_of_plugin(const Action& action, const Run& run) {
    const Result<ArgumentTemplate> command = command_of(action, run);
    return command ? "Runs " + std::filesystem::path(command->executable()).filename().string() : "";
}

std::string output_name_of(std::string_view label) {
    std::string name = to_lower_ascii(label);
    std::ranges::replace_if(name, std::not_fn(is_letter_or_digit), '_');
    const std::size_t begin = std::min(name.find_first_not_of('_'), name.size());
    return name.substr(begin, name.find_last_not_of('_') + 1 - begin);
}

}  // namespace hocket::ddl
