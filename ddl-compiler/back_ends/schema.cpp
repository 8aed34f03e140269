#include "ddl-compiler/back_ends/schema.h"

#include <algorithm>
#include <limits>

#include "core/base/encoding.h"
#include "core/ddl/validators.h"
#include "ddl-compiler/back_ends/portable_list.h"
#include "ddl-compiler/back_ends/portable_pattern.h"
#include "ddl-compiler/back_ends/portable_validator.h"

namespace hocket::ddl_compiler {

namespace {

// A person reads the members in the order in which they are written here.
using OrderedJson = nlohmann::ordered_json;

std::optional<std::string> pattern_of(const ddl::Validation& validation) {
    return validation.validator() == ddl::Validator::regex ? portable_pattern(validation.text())
                                                           : portable_validator(validation.text());
}

/// All that has a portable form; the rest is named in the comment.
void write_declared(OrderedJson& schema, const std::string& name, const ddl::DeclaredValidator& validator) {
    const ddl::ValidatorRule& rule = validator.rule();
    const PortableRule portable = portable_rule(validator);
    for (const std::string& pattern : portable.patterns)
        schema["allOf"].push_back({{"pattern", pattern}});
    std::string not_checked;
    for (const std::string& text : portable.left_out)
        not_checked += "; not checked here: " + text;
    if (rule.min_length != 0) schema["allOf"].push_back({{"minLength", rule.min_length}});
    if (rule.max_length != 0) schema["allOf"].push_back({{"maxLength", rule.max_length}});
    schema["$comment"] = "validation: " + name + not_checked;
}

void write_validation(OrderedJson& schema, const ddl::Validation& validation) {
    if (validation.validator() == ddl::Validator::none) return;
    if (validation.declared() != nullptr)
        return write_declared(schema, validation.text(), *validation.declared());
    const std::optional<std::string> pattern = pattern_of(validation);
    if (!pattern) {
        schema["$comment"] =
            "not checked here, since it has no form that is common to all dialects: validation " +
            validation.text();
        return;
    }
    schema["pattern"] = *pattern;
    if (*pattern != validation.text()) schema["$comment"] = "validation: " + validation.text();
}

/// JSON Schema takes 1 and 1.0 for equal, and asks for values that differ.
OrderedJson enumeration(const std::vector<Json>& list) {
    std::vector<Json> values;
    for (const Json& value : list) {
        if (std::ranges::find(values, value) == values.end()) values.push_back(value);
    }
    return values;
}

std::string_view type_name(ddl::Type type) {
    switch (type) {
        case ddl::Type::string: return "string";
        case ddl::Type::integer: return "integer";
        case ddl::Type::floating:
        case ddl::Type::number: return "number";
        case ddl::Type::boolean: return "boolean";
        case ddl::Type::list: return "";  // it is its values
        case ddl::Type::array: return "array";
        case ddl::Type::hash: return "object";
        case ddl::Type::any: return "";  // it has none
    }
    return "";
}

void write_range(OrderedJson& schema, ddl::Type type) {
    if (type != ddl::Type::integer) return;
    schema["minimum"] = std::numeric_limits<std::int64_t>::min();
    schema["maximum"] = std::numeric_limits<std::int64_t>::max();
}

OrderedJson input_schema(const ddl::Input& input) {
    OrderedJson schema = {{"title", input.prompt}, {"description", input.description}};
    if (input.type == ddl::Type::list) {
        schema["enum"] = enumeration(input.list);
    } else if (input.type != ddl::Type::any) {
        schema["type"] = type_name(input.type);
    }
    if (!input.puppet_type.text().empty())
        schema["$comment"] = "not checked here: the Puppet type " + input.puppet_type.text();
    write_range(schema, input.type);
    if (input.maxlength != 0) schema["maxLength"] = input.maxlength;
    write_validation(schema, input.validation);
    if (input.default_value) schema["default"] = *input.default_value;
    if (input.sensitive) schema["writeOnly"] = true;
    return schema;
}

OrderedJson output_schema(const ddl::Output& output) {
    OrderedJson schema = {{"title", output.display_as}, {"description", output.description}};
    if (output.type) {
        schema["type"] = {type_name(*output.type), "null"};
        write_range(schema, *output.type);
    }
    if (output.default_value) schema["default"] = *output.default_value;
    if (output.sensitive) schema["$comment"] = "sensitive: shown only on request";
    return schema;
}

OrderedJson fields_schema(const std::string& name, const std::string& description) {
    OrderedJson schema = OrderedJson::object();
    const bool is_anchor = name.front() < '0' || name.front() > '9';
    if (is_anchor) schema["$anchor"] = name;
    schema["description"] = description;
    schema["type"] = "object";
    schema["properties"] = OrderedJson::object();
    return schema;
}

OrderedJson inputs_schema(const ddl::Action& action) {
    OrderedJson schema = fields_schema(action.name + ".input", action.description);
    OrderedJson required = OrderedJson::array();
    for (const ddl::Input& input : action.inputs) {
        schema["properties"][input.name] = input_schema(input);
        if (input.is_required()) required.push_back(input.name);
    }
    schema["required"] = std::move(required);
    schema["additionalProperties"] = action.any_inputs;
    return schema;
}

OrderedJson outputs_schema(const ddl::Action& action) {
    OrderedJson schema = fields_schema(action.name + ".output", action.description);
    for (const ddl::Output& output : action.outputs)
        schema["properties"][output.name] = output_schema(output);
    schema["additionalProperties"] = true;
    return schema;
}

/// The inputs are those of the action that is asked for.
OrderedJson inputs_rule(const ddl::Action& action) {
    return {
        {"if", {{"properties", {{"action", {{"const", action.name}}}}}}},
        {"then", {{"properties", {{"inputs", {{"$ref", "#/$defs/" + action.name + ".input"}}}}}}},
    };
}

void write_request(OrderedJson& schema, const ddl::Agent& agent) {
    OrderedJson names = OrderedJson::array();
    OrderedJson rules = OrderedJson::array();
    for (const ddl::Action& action : agent.actions) {
        names.push_back(action.name);
        rules.push_back(inputs_rule(action));
    }
    schema["type"] = "object";
    schema["properties"] = {{"agent", {{"const", agent.metadata.name}}},
                            {"action", {{"enum", names}}},
                            {"inputs", {{"type", "object"}}}};
    if (names.empty()) schema["properties"]["action"] = false;
    schema["required"] = {"action", "inputs"};
    if (!rules.empty()) schema["allOf"] = std::move(rules);
}

}  // namespace

std::string write_schema(const ddl::Agent& agent) {
    OrderedJson schema = {
        {"$schema", "https://json-schema.org/draft/2020-12/schema"},
        {"$id", "urn:hocket:ddl:" + agent.metadata.name + ":" + percent_encode(agent.metadata.version)},
        {"title", agent.metadata.name},
        {"description", agent.metadata.description}};
    write_request(schema, agent);
    OrderedJson& parts = schema["$defs"] = OrderedJson::object();
    for (const ddl::Action& action : agent.actions) {
        parts[action.name + ".input"] = inputs_schema(action);
        parts[action.name + ".output"] = outputs_schema(action);
    }
    return schema.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace hocket::ddl_compiler
