#pragma once

#include <string>
#include <string_view>

namespace hocket::ddl {

/// Whether a text that the pattern is searched for in must match from its start to its end: each alternative begins with
/// `^` or `\A` and ends with `$` or `\z`, and none of them is the end of a line (`(?m)`). Under a leading `(?s)` `.*` does too,
/// else it stops at a newline.
bool is_anchored(std::string_view pattern);

/// The same pattern for the whole text, as somebody may have meant it; empty when that is not plain to see.
std::string anchored_form(std::string_view pattern);

}  // namespace hocket::ddl
