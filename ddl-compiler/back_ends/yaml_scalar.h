#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/json.h"

namespace hocket::ddl_compiler {

/// Where a scalar stands: behind a key in a block, or between brackets.
enum class YamlPlace { block, flow };

/// The text on one line: without quotes when our reader (core/ddl/tree_reader.h) takes it for the same text then.
std::string yaml_scalar(std::string_view text, YamlPlace place);

/// Which quotes are taken when both would do.
enum class YamlQuotes { single, twofold };

/// The text in quotes: in single ones when it has backslashes or double quotes, in double ones when it needs escapes.
std::string yaml_quoted(std::string_view text, YamlQuotes preferred);

/// The text as a literal block, from its `|` on, each line behind the indent; without the last newline. Nothing for a text
/// that has no such form: an empty one, with control characters, or with empty lines at its end.
std::optional<std::string> yaml_literal(std::string_view text, std::size_t indent);

/// A key of a mapping, in a block or between brackets, without its colon.
std::string yaml_key(std::string_view key);

/// Any value on one line.
std::string yaml_flow(const Json& value);

}  // namespace hocket::ddl_compiler
