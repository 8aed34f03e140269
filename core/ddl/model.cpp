#include "core/ddl/model.h"

#include <algorithm>

namespace hocket::ddl {

namespace {

template <class Named>
const Named* find_by_name(const std::vector<Named>& all, std::string_view name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

template <class Field>
bool any_sensitive(const std::vector<Field>& fields) {
    return std::any_of(fields.begin(), fields.end(), [](const Field& field) { return field.sensitive; });
}

}  // namespace

const Input* Action::find_input(std::string_view input) const {
    return find_by_name(inputs, input);
}

const Output* Action::find_output(std::string_view output) const {
    return find_by_name(outputs, output);
}

bool Action::has_sensitive_inputs() const {
    return any_sensitive(inputs);
}

bool Action::has_sensitive_fields() const {
    return has_sensitive_inputs() || any_sensitive(outputs);
}

const Action* Agent::find(std::string_view action) const {
    return find_by_name(actions, action);
}

bool Agent::has_sensitive_fields() const {
    return std::ranges::any_of(actions, &Action::has_sensitive_fields);
}

Script Agent::script_of(const Action& action) const {
    Script script = action.script;
    if (script.command.empty()) script.command = run.command;
    if (script.standard_input.empty()) script.standard_input = run.script.standard_input;
    if (!script.result) script.result = run.script.result.value_or(ResultFormat::text);
    if (script.pattern.empty()) script.pattern = run.script.pattern;
    if (!script.exit_codes) script.exit_codes = run.script.exit_codes.value_or(ExitCodes());
    return script;
}

bool Agent::operator==(const Agent& other) const {
    return metadata == other.metadata && run == other.run && has_run == other.has_run &&
           allow == other.allow && actions == other.actions && validators == other.validators;
}

Agent DataPlugin::as_agent() const {
    Action action;
    action.name = k_query;
    action.description = metadata.description;
    action.display = Display::always;
    action.safety = Safety::read_only;
    action.idempotent = true;
    if (query) action.inputs = {*query};
    action.outputs = outputs;
    Agent agent;
    agent.metadata = metadata;
    agent.run = run;
    agent.has_run = has_run;
    agent.actions = {std::move(action)};
    agent.validators = validators;
    agent.file = file;
    return agent;
}

bool DataPlugin::operator==(const DataPlugin& other) const {
    return metadata == other.metadata && run == other.run && has_run == other.has_run &&
           ttl_s == other.ttl_s && query == other.query && outputs == other.outputs &&
           validators == other.validators;
}

Kind kind_of(const Description& description) {
    if (std::holds_alternative<Agent>(description)) return Kind::agent;
    if (std::holds_alternative<DataPlugin>(description)) return Kind::data;
    return std::get<OtherPlugin>(description).kind;
}

const Metadata& metadata_of(const Description& description) {
    return std::visit([](const auto& one) -> const Metadata& { return one.metadata; }, description);
}

}  // namespace hocket::ddl
