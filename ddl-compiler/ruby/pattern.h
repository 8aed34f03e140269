#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hocket::ddl_compiler::ruby {

/// RE2's `^` and `$` of a line in Ruby's words, which hocketc writes and reads again as what they are. Ruby's own `^` is no
/// start of a line at the end of the text, and `^` and `$` of an input's pattern are read as the ends of the text.
inline constexpr std::string_view k_line_start = "(?<![^\\n])";
inline constexpr std::string_view k_line_end = "(?![^\\n])";

/// A regular expression of Ruby in RE2's words.
struct Pattern {
    std::string text;
    bool has_line_start = false;  ///< `^` outside of classes and escapes: the start of any line in Ruby
    bool has_line_end = false;    ///< the same for `$`
};

/// Writes anew what means something else in RE2, or would be refused needlessly: the flags i, m (RE2's s) and x, which
/// leaves blanks and comments out; flags of groups (a, ASCII, is what RE2 does); `\u{…}`, `(?<name>…)`, `(?#…)`, `{,3}`,
/// k_line_start and k_line_end. What RE2 does not know at all is left for it to refuse. Flags other than i, m and x have no
/// meaning here.
///
/// Errors: usage, for what RE2 would silently take otherwise: classes inside of classes and `&&` in them.
Result<Pattern> read_pattern(std::string_view source, std::string_view flags);

}  // namespace hocket::ddl_compiler::ruby
