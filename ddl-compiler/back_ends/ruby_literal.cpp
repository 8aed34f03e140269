#include "ddl-compiler/back_ends/ruby_literal.h"

#include <algorithm>
#include <array>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/regex.h"
#include "core/base/text.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::array<std::string_view, 41> k_keywords = {
    "BEGIN",  "END",    "__ENCODING__", "__FILE__", "__LINE__", "alias", "and",   "begin", "break",
    "case",   "class",  "def",          "defined",  "do",       "else",  "elsif", "end",   "ensure",
    "false",  "for",    "if",           "in",       "module",   "next",  "nil",   "not",   "or",
    "redo",   "rescue", "retry",        "return",   "self",     "super", "then",  "true",  "undef",
    "unless", "until",  "when",         "while",    "yield"};

bool is_interpolation(std::string_view rest) {
    return rest.size() > 1 && rest[0] == '#' &&
           std::string_view("{$@").find(rest[1]) != std::string_view::npos;
}

std::string ruby_array(const Json& array, RubyKeys keys) {
    std::vector<std::string> items;
    for (const Json& item : array)
        items.push_back(ruby_value(item, keys));
    return "[" + join(items, ", ") + "]";
}

std::string ruby_hash(const Json& object, RubyKeys keys) {
    std::vector<std::string> members;
    for (const auto& [key, value] : object.items()) {
        const std::string written = keys == RubyKeys::symbols ? ruby_symbol(key) : ruby_string(key);
        members.push_back(written + " => " + ruby_value(value, keys));
    }
    return "{" + join(members, ", ") + "}";
}

}  // namespace

std::string ruby_string(std::string_view text) {
    std::string quoted;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"' || text[i] == '\\' || is_interpolation(text.substr(i))) quoted += '\\';
        quoted += text[i];
    }
    return "\"" + escape_text(quoted) + "\"";
}

std::string ruby_symbol(std::string_view name) {
    static const Regex plain = Regex::compile("[A-Za-z_][A-Za-z0-9_]*").value();
    return ":" + (plain.full_match(name) ? std::string(name) : ruby_string(name));
}

bool is_ruby_method(std::string_view text) {
    static const Regex plain = Regex::compile("[a-z_][A-Za-z0-9_]*").value();
    return plain.full_match(text) && std::ranges::find(k_keywords, text) == k_keywords.end();
}

std::string ruby_value(const Json& value, RubyKeys keys) {
    if (value.is_array()) return ruby_array(value, keys);
    if (value.is_object()) return ruby_hash(value, keys);
    if (value.is_string()) return ruby_string(value.get_ref<const std::string&>());
    return value.is_null() ? "nil" : dump_json(value);
}

}  // namespace hocket::ddl_compiler
