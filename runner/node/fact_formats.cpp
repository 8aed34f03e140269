#include "runner/node/fact_formats.h"

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/text.h"
#include "runner/node/yaml_facts.h"

namespace hocket::node {

namespace {

bool says_nothing(std::string_view trimmed_line) {
    return trimmed_line.empty() || trimmed_line.starts_with('#');
}

Result<Json> parse_text_facts(std::string_view text) {
    Json facts = Json::object();
    std::size_t number = 0;
    const auto malformed = [&number](const std::string& reason) {
        return Error{ErrorCode::malformed_message, "line " + std::to_string(number) + ": " + reason, {}};
    };
    for (const std::string& line : split(text, '\n')) {
        ++number;
        const std::string_view content = trim(line);
        if (says_nothing(content)) continue;
        if (!is_utf8(content)) return malformed("not UTF-8");
        const std::size_t equals = content.find('=');
        const std::string name(trim(content.substr(0, equals)));
        if (equals == std::string_view::npos || name.empty()) return malformed("not NAME=VALUE");
        if (facts.contains(name)) return malformed("duplicate name " + quote_bytes(name));
        facts[name] = trim(content.substr(equals + 1));
    }
    return facts;
}

FactFormat guess_format(std::string_view output) {
    if (trim(output).starts_with('{')) return FactFormat::json;
    for (const std::string& line : split(output, '\n')) {
        const std::string_view content = trim(line);
        if (says_nothing(content)) continue;
        const std::size_t end_of_name = content.find_first_of("=: \t\"'");
        const bool is_assignment = end_of_name != std::string_view::npos && content[end_of_name] == '=';
        return is_assignment ? FactFormat::text : FactFormat::yaml;
    }
    return FactFormat::text;
}

}  // namespace

std::optional<FactFormat> fact_format_of(const std::filesystem::path& file) {
    const std::filesystem::path extension = file.extension();
    if (extension == ".json") return FactFormat::json;
    if (extension == ".yaml" || extension == ".yml") return FactFormat::yaml;
    if (extension == ".txt") return FactFormat::text;
    return std::nullopt;
}

Result<Json> parse_facts(FactFormat format, std::string_view text) {
    switch (format) {
        case FactFormat::json: return parse_json_object(text);
        case FactFormat::yaml: return parse_yaml_facts(text);
        case FactFormat::text: return parse_text_facts(text);
    }
    return Json::object();
}

Result<Json> parse_printed_facts(std::string_view output) {
    return parse_facts(guess_format(output), output);
}

}  // namespace hocket::node
