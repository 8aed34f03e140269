#pragma once

#include <cstddef>
#include <string>

namespace hocket::ddl_compiler::ruby {

/// Of brackets, blocks and code in texts, all counted together.
inline constexpr std::size_t k_max_depth = 64;
inline const std::string k_too_deep = "nested deeper than " + std::to_string(k_max_depth) + " levels";

/// Values that the loops of one source may expand to; 64 bytes of text count as one more.
inline constexpr std::size_t k_max_expanded = 200'000;
inline constexpr std::size_t k_bytes_per_value = 64;

/// What a method may make of one text.
inline constexpr std::size_t k_max_text_bytes = 1U << 20U;

/// Of a text in which a pattern is searched for, and different patterns in one source: each search may take time that grows with
/// the square of the text.
inline constexpr std::size_t k_max_searched_bytes = 4096;
inline constexpr std::size_t k_max_patterns = 500;

}  // namespace hocket::ddl_compiler::ruby
