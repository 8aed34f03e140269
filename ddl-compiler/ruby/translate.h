#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hocket::ddl_compiler::ruby {

/// `tr` of Ruby: each character of `from` becomes the one at its place in `to`, whose last one stands for all further
/// ones; an empty `to` removes them. Of a character that is named twice the last place counts. `a-z` is a range, `^` at the start stands for all others, a backslash makes the next
/// character one like others.
/// Errors: usage, for a range that runs backwards or is too long.
Result<std::string> translate(std::string_view text, std::string_view from, std::string_view to);

}  // namespace hocket::ddl_compiler::ruby
