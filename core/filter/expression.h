#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/regex.h"
#include "core/base/result.h"

namespace hocket::filter {

/// Bytes of one expression, how many of them one filter may hold, and how large all of them together may be once compiled
/// (Regex::instructions): a node compiles them for every caller whose signature is good, allowed or not, and so must not take
/// longer for it than some ten milliseconds.
inline constexpr std::size_t k_max_expression_bytes = 1024;
inline constexpr std::size_t k_max_expressions = 100;
inline constexpr std::size_t k_max_instructions = 8000;

/// Whether a text is written as `/expression/`. Slashes inside need no escape: `//usr//` is the expression
/// `/usr/`.
bool is_expression(std::string_view text);

/// The text of an expression between its slashes; a text without them is returned as it is.
std::string_view without_slashes(std::string_view text);

/// Errors: usage (empty, too long, not RE2, too large once compiled).
Result<Regex> compile_expression(std::string_view pattern);

}  // namespace hocket::filter
