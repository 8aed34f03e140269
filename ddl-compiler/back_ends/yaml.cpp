#include "ddl-compiler/back_ends/yaml.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/validation.h"
#include "core/ddl/writer.h"
#include "ddl-compiler/back_ends/yaml_scalar.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::size_t k_line_width = 110;
constexpr std::size_t k_step = 2;

/// The keys of all objects: those of one object stand in this order, and any other key after them.
constexpr std::array<std::string_view, 59> k_reading_order = {
    // of the document
    "kind", "metadata", "capabilities", "allow", "ttl", "query", "run",
    // of metadata and actions
    "name", "action", "prompt", "description", "author", "license", "version", "url", "display", "safety",
    "noop", "idempotent", "timeout", "provider", "usage",
    // of inputs and outputs
    "display_as", "type", "validation", "maxlength", "list", "optional", "sensitive", "default",
    // of run, and of actions again
    "command", "contract", "stdin", "result", "pattern", "exit_codes", "max_parallel", "exclusive",
    "max_output", "grace", "standby", "worker", "processes", "in_flight", "fork", "requests", "idle",
    "memory", "orphans", "reply", "send_stderr", "input", "output", "aggregate", "function", "args",
    "actions"};

/// Members that hold any value, as those around them hold what the spec says.
constexpr std::array<std::string_view, 6> k_values = {"args",    "capabilities", "command",
                                                      "default", "exit_codes",   "list"};

template <std::size_t N>
std::size_t rank(const std::array<std::string_view, N>& words, std::string_view word) {
    return static_cast<std::size_t>(std::find(words.begin(), words.end(), word) - words.begin());
}

std::vector<std::string> keys_in_order(const Json& object) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items())
        keys.push_back(key);
    std::stable_sort(keys.begin(), keys.end(), [](const std::string& left, const std::string& right) {
        return rank(k_reading_order, left) < rank(k_reading_order, right);
    });
    return keys;
}

/// What the canonical form says because Choria's schema asks for it, and nobody needs to read.
bool says_nothing(const std::string& key, const Json& value) {
    if (key == "optional") return value == false;
    if (key == "validation") return value == "";
    return (key == "input" || key == "output") && value.empty();
}

bool is_named_validator(std::string_view text) {
    return std::ranges::any_of(ddl::k_named_validators,
                               [&](const auto& validator) { return validator.second == text; });
}

/// Some are in quotes by habit: a version stays a text then when it becomes 2.0, and a pattern is full of what YAML may
/// take for its own.
std::string write_line(const std::string& key, const std::string& text) {
    if (key == "version") return yaml_quoted(text, YamlQuotes::twofold);
    const bool is_pattern = key == "pattern" || (key == "validation" && !is_named_validator(text));
    return is_pattern ? yaml_quoted(text, YamlQuotes::single) : yaml_scalar(text, YamlPlace::block);
}

std::string margin(std::size_t indent) {
    return std::string(indent, ' ');
}

std::string write_object(const Json& object, std::size_t indent);

std::string write_text(const std::string& key, const std::string& text, std::size_t indent) {
    const bool is_long = key == "usage" || text.find('\n') != std::string::npos;
    if (is_long) {
        if (std::optional<std::string> literal = yaml_literal(text, indent + k_step)) return *literal;
    }
    return write_line(key, text);
}

/// A list whose line would be too long has a line for each item.
std::string write_value(const Json& value, std::size_t column, std::size_t indent) {
    std::string flow = yaml_flow(value);
    if (!value.is_array() || column + flow.size() <= k_line_width) return " " + flow;
    std::string lines;
    for (const Json& item : value)
        lines += "\n" + margin(indent + k_step) + "- " + yaml_flow(item);
    return lines;
}

/// Inputs or outputs, by name.
std::string write_fields(const Json& fields, std::size_t indent) {
    std::string lines;
    for (const auto& [name, field] : fields.items())
        lines += "\n" + margin(indent) + yaml_key(name) + ":\n" + write_object(field, indent + k_step);
    return lines;
}

std::string write_list(const Json& objects, std::size_t indent, std::string_view between) {
    std::string lines;
    for (const Json& object : objects) {
        std::string item = write_object(object, indent + k_step);
        item[indent] = '-';
        lines += (lines.empty() ? "\n" : "\n" + std::string(between)) + item;
    }
    return lines;
}

std::string write_member(const std::string& key, const Json& value, std::size_t indent) {
    const std::string head = margin(indent) + key + ":";
    if (rank(k_values, key) < k_values.size() && !value.is_string()) {
        return head + write_value(value, head.size() + 1, indent);
    }
    if (value.is_string()) return head + " " + write_text(key, value.get<std::string>(), indent);
    if (value.empty()) return head + " " + dump_json(value);
    if (key == "input" || key == "output") return head + write_fields(value, indent + k_step);
    if (value.is_array()) return head + write_list(value, indent + k_step, key == "actions" ? "\n" : "");
    if (value.is_object()) return head + "\n" + write_object(value, indent + k_step);
    return head + " " + dump_json(value);
}

/// Lines without the last newline.
std::string write_object(const Json& object, std::size_t indent) {
    std::vector<std::string> lines;
    for (const std::string& key : keys_in_order(object)) {
        if (!says_nothing(key, object.at(key))) lines.push_back(write_member(key, object.at(key), indent));
    }
    return join(lines, indent == 0 ? "\n\n" : "\n");
}

std::string write_canonical(const ddl::Description& description) {
    return write_object(parse_json_object(ddl::canonical_json(description)).value(), 0) + "\n";
}

/// Takes out what a strict reader would refuse; returns a comment about it.
std::string make_strict(ddl::Agent& agent) {
    std::string comment;
    for (ddl::Action& action : agent.actions) {
        std::erase_if(action.aggregates, [&](const ddl::Aggregate& aggregate) {
            const bool is_named = !aggregate.args.empty() && aggregate.args.front().is_string();
            if (is_named && action.find_output(aggregate.args.front().get<std::string>()) != nullptr)
                return false;
            comment += "# Left out, since it is over no output of action '" + action.name +
                       "': " + escape_text(aggregate.function) + dump_json(aggregate.args) + "\n";
            return true;
        });
    }
    return comment;
}

}  // namespace

std::string write_yaml(const ddl::Description& description) {
    const auto* const agent = std::get_if<ddl::Agent>(&description);
    if (agent == nullptr) return write_canonical(description);
    ddl::Agent strict = *agent;
    const std::string comment = make_strict(strict);
    return comment + write_canonical(strict);
}

}  // namespace hocket::ddl_compiler
