#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hocket::ddl_compiler {

/// What generated C++ keeps to.
inline constexpr std::size_t k_cpp_columns = 110;

/// Text of a description as a `///` comment, several lines if need be, that nothing in it can end: control characters
/// are escaped, no line ends in a backslash, and there is no end of a block comment. Empty text has no comment.
std::string cpp_comment(std::string_view text, std::size_t indent);

/// A literal with these bytes: `"…"`; of text with U+0000 `std::string_view("…", 3)`.
std::string cpp_literal(std::string_view text);

}  // namespace hocket::ddl_compiler
