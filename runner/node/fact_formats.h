#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "core/base/json.h"
#include "core/base/result.h"

namespace hocket::node {

enum class FactFormat { json, yaml, text };

/// By the extension: .json, .yaml, .yml, .txt.
std::optional<FactFormat> fact_format_of(const std::filesystem::path& file);

/// What a file or an executable prints as facts: always an object.
///
///     json   one strict object (core/base/json.h)
///     yaml   yaml_facts.h
///     text   { line "\n" }    line = name "=" value | "#" comment | blanks
///            Values are texts; blanks around name and value are dropped; a dot in a name means nothing.
///
/// A name that is given twice is refused, and a broken line refuses the whole text.
/// Errors: malformed_message, with the line or the byte.
Result<Json> parse_facts(FactFormat format, std::string_view text);

/// An executable's output: JSON if it starts with `{`, text if its first line of facts reads `name=…`, else
/// YAML.
/// Errors: as parse_facts().
Result<Json> parse_printed_facts(std::string_view output);

}  // namespace hocket::node
