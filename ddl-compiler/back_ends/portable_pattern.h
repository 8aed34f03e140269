#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hocket::ddl_compiler {

/// What fails at any character: the end of the text. `$` lets a newline follow in Python and PCRE.
inline constexpr std::string_view k_text_end = "(?![\\s\\S])";

/// A pattern of RE2 in the common language of ECMA-262 (with flag u or v), Python's re, PCRE2 (in UTF mode) and their
/// like, searched for by all of them. It accepts the same texts; what is captured, and which match is preferred, is
/// nothing to a schema and is not kept.
///
///     ^ \A            ^                       with (?m): (?:^|(?<=\n))
///     $ \z            (?![\s\S])              with (?m): (?:(?=\n)|(?![\s\S]))
///     .               [^\n]                   with (?s): [\s\S]
///     \d [[:alpha:]]  explicit classes, of ASCII as RE2 has them
///     \b              look-around with an explicit class
///     (?P<name>…)     a group without a name
///     (?i)            classes with both cases, `k` and `s` with U+212A and U+017F as RE2 folds them
///     x*? (?U)        x*: the same texts
///     \Q…\E \x{…} …   the characters
///
/// Engines without look-around (RE2 and Go's regexp themselves) cannot read what has an end; Go's validators can be given
/// another engine.
///
/// Errors: nothing, when it is not valid RE2, or has no common form: \pN and \p{Greek}, \C, \B (RE2 finds it inside of a
/// character too), surrogates, and letters outside of ASCII under (?i).
/// Thread: any.
std::optional<std::string> portable_pattern(std::string_view re2);

}  // namespace hocket::ddl_compiler
