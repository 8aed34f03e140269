#include "ddl-compiler/back_ends/yaml_scalar.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "core/ddl/tree_reader.h"

namespace hocket::ddl_compiler {

namespace {

/// YAML forbids these at the start of a plain scalar; our reader is kinder than other ones may be.
constexpr std::string_view k_reserved_starts = "%@`";

/// Longer keys must be marked as keys.
constexpr std::size_t k_max_simple_key_bytes = 1000;

std::optional<ddl::SourceNode> read(const std::string& yaml) {
    ddl::Report report("", yaml);
    std::optional<ddl::SourceNode> root = ddl::read_yaml_tree(report);
    return report.has_errors() ? std::nullopt : root;
}

/// Whether the document is a mapping with this text as its first value.
bool first_value_is(const std::string& yaml, std::string_view text, std::size_t members) {
    const std::optional<ddl::SourceNode> root = read(yaml);
    if (!root || root->members.size() != members) return false;
    const Json& first = root->members.front().value.value;
    return first.is_string() && first.get_ref<const std::string&>() == text;
}

bool first_key_is(const std::string& yaml, std::string_view key) {
    const std::optional<ddl::SourceNode> root = read(yaml);
    return root && root->members.size() == 1 && root->members.front().key == key;
}

bool is_printable(std::string_view text) {
    return escape_text(text) == text;
}

bool is_plain(std::string_view text, YamlPlace place) {
    if (text.empty() || k_reserved_starts.find(text.front()) != std::string_view::npos) return false;
    if (!is_printable(text)) return false;
    const std::string plain(text);
    switch (place) {
        case YamlPlace::block: return first_value_is("k: " + plain + "\n", text, 1);
        case YamlPlace::flow: return first_value_is("{k: " + plain + ", l: [" + plain + "]}\n", text, 2);
    }
    return false;
}

std::string single_quoted(std::string_view text) {
    std::string quoted = "'";
    for (const char character : text)
        quoted += character == '\'' ? std::string("''") : std::string(1, character);
    return quoted + "'";
}

std::string double_quoted(std::string_view text) {
    std::string quoted;
    for (const char character : text) {
        if (character == '"' || character == '\\') quoted += '\\';
        quoted += character;
    }
    return "\"" + escape_text(quoted) + "\"";
}

bool has_printable_lines(std::string_view text) {
    std::string visible(text);
    std::erase_if(visible, [](char character) { return character == '\n' || character == '\t'; });
    return is_printable(visible);
}

std::string indented(std::string_view text, std::size_t indent) {
    std::string lines;
    for (const std::string& line : split(text, '\n'))
        lines += "\n" + (line.empty() ? line : std::string(indent, ' ') + line);
    return lines;
}

std::string flow_array(const Json& array) {
    std::vector<std::string> items;
    for (const Json& item : array)
        items.push_back(yaml_flow(item));
    return "[" + join(items, ", ") + "]";
}

std::string flow_object(const Json& object) {
    std::vector<std::string> members;
    for (const auto& [key, value] : object.items())
        members.push_back(yaml_key(key) + ": " + yaml_flow(value));
    return "{" + join(members, ", ") + "}";
}

}  // namespace

std::string yaml_scalar(std::string_view text, YamlPlace place) {
    return is_plain(text, place) ? std::string(text) : yaml_quoted(text, YamlQuotes::twofold);
}

std::string yaml_quoted(std::string_view text, YamlQuotes preferred) {
    const bool wants_single =
        preferred == YamlQuotes::single || text.find_first_of("\\\"") != std::string_view::npos;
    return wants_single && is_printable(text) ? single_quoted(text) : double_quoted(text);
}

std::optional<std::string> yaml_literal(std::string_view text, std::size_t indent) {
    // Behind a text that ends in empty lines no empty line of ours could stand.
    if (trim(text).empty() || text.ends_with("\n\n") || !has_printable_lines(text)) return std::nullopt;
    // Without the indicator the first line's own blanks would be taken for the indent.
    std::string head = text.front() == ' ' || text.front() == '\n' ? "|2" : "|";
    std::string_view lines = text;
    if (lines.ends_with('\n')) {
        lines.remove_suffix(1);
    } else {
        head += "-";
    }
    const std::string proof = "k: " + head + indented(lines, 2) + "\n\nl: 1\n";
    if (!first_value_is(proof, text, 2)) return std::nullopt;
    return head + indented(lines, indent);
}

std::string yaml_key(std::string_view key) {
    const bool is_plain_key = !key.empty() && k_reserved_starts.find(key.front()) == std::string_view::npos &&
                              is_printable(key) && first_key_is("{" + std::string(key) + ": 1}\n", key) &&
                              first_key_is(std::string(key) + ": 1\n", key);
    const std::string text = is_plain_key ? std::string(key) : double_quoted(key);
    return (text.size() > k_max_simple_key_bytes ? "? " : "") + text;
}

std::string yaml_flow(const Json& value) {
    if (value.is_array()) return flow_array(value);
    if (value.is_object()) return flow_object(value);
    if (value.is_string()) return yaml_scalar(value.get_ref<const std::string&>(), YamlPlace::flow);
    return dump_json(value);
}

}  // namespace hocket::ddl_compiler
