#pragma once

#include <string>
#include <string_view>

namespace hocket::ddl_compiler {

/// An RE2 pattern as a Ruby literal that matches the same texts. Ruby's ^ and $ are those of a line, its \s has one
/// blank more, its (?m) is RE2's (?s), its classes nest, and flags in the middle of a pattern reach over `|`.
/// The pattern is valid RE2. What remains different: with (?i) Ruby does not ignore the case of characters beyond ASCII in a
/// class, nor in \p{Lu}; and \C is a character there, not a byte.
std::string ruby_regex(std::string_view pattern);

}  // namespace hocket::ddl_compiler
