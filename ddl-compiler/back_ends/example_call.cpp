#include "ddl-compiler/back_ends/example_call.h"

#include <algorithm>
#include <array>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/regex.h"
#include "core/base/text.h"
#include "core/ddl/value_check.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::array<std::string_view, 20> k_plausible_texts = {"example",
                                                                "web1.example.com",
                                                                "192.0.2.1",
                                                                "2001:db8::1",
                                                                "/tmp",
                                                                "1",
                                                                "10",
                                                                "1.0",
                                                                "1.0.0",
                                                                "2026-01-31",
                                                                "12:00",
                                                                "10m",
                                                                "a",
                                                                "A",
                                                                "EXAMPLE",
                                                                "ana@example.com",
                                                                "https://example.com",
                                                                "example.txt",
                                                                "/tmp/example.txt",
                                                                "00:00:5e:00:53:01"};

std::string plausible_text(const ddl::Input& input) {
    for (const std::string_view text : k_plausible_texts) {
        Json value = std::string(text);
        if (ddl::check_value(input, value).empty()) return std::string(text);
    }
    return to_upper_ascii(input.name);
}

/// As it is typed behind the input's name and '='.
std::string plausible_value(const ddl::Input& input) {
    switch (input.type) {
        case ddl::Type::string: return plausible_text(input);
        case ddl::Type::integer:
        case ddl::Type::number: return "1";
        case ddl::Type::floating: return "0.5";
        case ddl::Type::boolean: return "true";
        case ddl::Type::list: return input.list.empty() ? "" : ddl::text_form(input.list.front());
        case ddl::Type::array: return R"(["example"])";
        case ddl::Type::hash: return R"({"key": "value"})";
        case ddl::Type::any: return "1";
    }
    return {};
}

/// In quotes unless every shell takes it as it is.
std::string shell_word(const std::string& text) {
    static const Regex harmless = Regex::compile("[A-Za-z0-9_./:@%+,-]+").value();
    if (harmless.full_match(text)) return text;
    std::string quoted = "'";
    for (const char character : text)
        quoted += character == '\'' ? std::string("'\\''") : std::string(1, character);
    return quoted + "'";
}

/// `name=value`; `name:=JSON` for a text that would be taken for a file's name or cannot be typed.
std::string written_input(const ddl::Input& input) {
    if (input.sensitive) return input.name + "=@" + input.name + ".txt";
    const std::string value = plausible_value(input);
    const bool can_be_typed = !value.starts_with('@') && escape_text(value) == value;
    if (can_be_typed) return input.name + "=" + shell_word(value);
    return input.name + ":=" + shell_word(escape_text(dump_json(value)));
}

}  // namespace

std::string example_call(const ddl::Agent& agent, const ddl::Action& action) {
    std::string call = "hocket rpc " + agent.metadata.name + " " + action.name;
    for (const ddl::Input& input : action.inputs) {
        if (input.is_required()) call += " " + written_input(input);
    }
    return call;
}

}  // namespace hocket::ddl_compiler
