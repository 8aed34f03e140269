#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hocket::ddl_compiler {

/// What a named validator accepts (spec/ddl.md, validation of strings), as a pattern in the common language of
/// portable_pattern.h. Nothing for a name that has none.
/// Thread: any.
std::optional<std::string> portable_validator(std::string_view name);

}  // namespace hocket::ddl_compiler
