#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace hocket::ddl_compiler {

/// The lines of a text that is shown as it was written: tabs are blanks up to the next column of eight, other control
/// characters visible escapes. No empty lines at the end.
std::vector<std::string> preformatted_lines(std::string_view text);

/// "Timeout" of "timeout", "URL" of "url": a label at the start of a line.
std::string label_text(std::string label);

/// A default as JSON, "***" when it is sensitive; empty when there is none.
std::string default_text(const std::optional<Json>& value, bool sensitive);

}  // namespace hocket::ddl_compiler
