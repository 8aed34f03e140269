#include "core/ddl/values.h"

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/value_check.h"

namespace hocket::ddl {

namespace {

constexpr std::size_t k_max_violations = 100;
constexpr std::size_t k_max_listed = 5;
constexpr std::size_t k_shown_name_bytes = 64;

/// RFC 6901; a name of unknown origin is cut.
std::string pointer_to(std::string_view parent, std::string_view name) {
    std::string pointer(parent);
    pointer += '/';
    for (const char character : to_utf8(name.substr(0, k_shown_name_bytes))) {
        if (character == '~') {
            pointer += "~0";
        } else if (character == '/') {
            pointer += "~1";
        } else {
            pointer += character;
        }
    }
    return pointer;
}

std::vector<std::string> input_names(const Action& action) {
    std::vector<std::string> names;
    for (const Input& input : action.inputs)
        names.push_back(input.name);
    return names;
}

Violation undeclared_input(const Action& action, const std::string& name) {
    std::string message =
        "input " + quote_bytes(name, k_shown_name_bytes) + " is not declared by action '" + action.name + "'";
    const std::string meant = did_you_mean(name, input_names(action));
    if (!meant.empty()) message += "; " + meant;
    return {pointer_to("/inputs", name), "undeclared", std::move(message)};
}

template <class Field>
void check_field(const Field& field, std::string_view noun, std::string_view parent, Json& value,
                 std::vector<Violation>& violations) {
    for (const Breach& breach : check_value(field, value)) {
        violations.push_back({pointer_to(parent, field.name), breach.rule,
                              std::string(noun) + " '" + field.name + "' " + breach.message});
    }
}

/// Of a Puppet type that may be undef, null is the same as nothing.
bool may_be_null(const Input& input, const Json& value) {
    return value.is_null() && !input.is_required() && !input.puppet_type.text().empty() &&
           input.puppet_type.accepts_undef();
}

void check_declared(const Action& action, Json& inputs, Defaults defaults,
                    std::vector<Violation>& violations) {
    for (const Input& input : action.inputs) {
        auto given = inputs.find(input.name);
        if (given != inputs.end() && may_be_null(input, *given)) {
            inputs.erase(given);
            given = inputs.end();
        }
        if (given != inputs.end()) {
            check_field(input, "input", "/inputs", *given, violations);
        } else if (input.default_value) {
            if (defaults == Defaults::apply) inputs[input.name] = *input.default_value;
        } else if (!input.optional) {
            violations.push_back(
                {pointer_to("/inputs", input.name), "required", "input '" + input.name + "' is required"});
        }
    }
}

void check_undeclared(const Action& action, const Json& inputs, std::vector<Violation>& violations) {
    for (const auto& item : inputs.items()) {
        if (action.find_input(item.key()) != nullptr) continue;
        if (action.any_inputs && is_input_name(item.key())) continue;
        if (violations.size() >= k_max_violations) return;
        violations.push_back(undeclared_input(action, item.key()));
    }
}

}  // namespace

Error invalid_input(std::vector<Violation> violations) {
    std::string message;
    for (std::size_t i = 0; i < violations.size() && i < k_max_listed; ++i) {
        if (i > 0) message += "; ";
        message += violations[i].message;
    }
    if (violations.size() > k_max_listed) {
        message += "; and " + std::to_string(violations.size() - k_max_listed) + " more";
    }
    return {ErrorCode::invalid_input, std::move(message), std::move(violations)};
}

Result<Json> check_inputs(const Action& action, const Json& inputs, Defaults defaults) {
    if (!inputs.is_object()) {
        return invalid_input(
            {{"/inputs", "type", std::string("inputs must be an object, not ") + inputs.type_name()}});
    }
    Json checked = inputs;
    std::vector<Violation> violations;
    check_declared(action, checked, defaults, violations);
    check_undeclared(action, inputs, violations);
    if (!violations.empty()) return invalid_input(std::move(violations));
    return checked;
}

OutputCheck check_outputs(const Action& action, const Json& data) {
    OutputCheck check{data, {}, {}};
    if (!data.is_object()) {
        check.violations.push_back(
            {"/data", "type", std::string("data must be an object, not ") + data.type_name()});
        return check;
    }
    for (Output output : action.outputs) {
        output.sensitive = action.has_sensitive_fields();  // a wrong value may be one that belongs elsewhere
        const auto given = check.data.find(output.name);
        if (given != check.data.end() && !given->is_null()) {
            check_field(output, "output", "/data", *given, check.violations);
        } else if (output.default_value) {
            check.data[output.name] = *output.default_value;
        }
    }
    for (const auto& item : data.items()) {
        if (action.find_output(item.key()) == nullptr) check.undeclared.push_back(item.key());
    }
    return check;
}

}  // namespace hocket::ddl
