#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace hocket::ddl {

/// What a warning is about. The words are part of the compiler's interface: a description silences a warning by its word
/// (spec/ddl.md, warnings).
enum class Warning {
    aggregate_format,  ///< options of an aggregate that are wrong, or that MCollective does not read
    aggregate_output,  ///< Choria's: an aggregate over something that is no output; any: over what is no number
    display_flatten,    ///< MCollective's `display :flatten`, which nobody has any more
    duplicate_value,    ///< the same value, or the same aggregate, twice
    empty_text,         ///< a text that must be there and says nothing
    ignored_key,        ///< a key without a meaning at its place
    line_anchors,       ///< Ruby's ^ and $ are those of a line; here they are those of the text
    long_timeout,       ///< an action that may take more than an hour
    name_differs,       ///< an agent's name is not that of its file
    name_from_file,     ///< the name in the metadata is not one; the file's is taken
    no_actions,         ///< an agent that can do nothing
    no_maxlength,       ///< a string of unlimited length
    noop_not_told,      ///< a script that is not told about noop
    number_in_string,   ///< "10" where 10 is meant
    output_type,        ///< Choria's: a type that nobody knows
    too_large,          ///< a description that no node reads
    unanchored_regex,   ///< a pattern that is satisfied by a part of the text
    unknown_aggregate,  ///< a function that is not ours
    unknown_key,        ///< Choria's and MCollective's: a key that nobody knows
    unknown_validator,  ///< what looks like a validator's name and is taken for a regular expression
    unknown_warning,    ///< the name of a warning to be silenced, and there is none
    unused_allow,       ///< a warning is silenced where there is none
    unused_validator,   ///< a validator is declared that no input needs
    unused_variable,    ///< a variable of a Ruby block that is never read
};
inline constexpr std::array<std::string_view, 24> k_warning_words = {
    "aggregate_format", "aggregate_output", "display_flatten",   "duplicate_value",  "empty_text",
    "ignored_key",      "line_anchors",     "long_timeout",      "name_differs",     "name_from_file",
    "no_actions",       "no_maxlength",     "noop_not_told",     "number_in_string", "output_type",
    "too_large",        "unanchored_regex", "unknown_aggregate", "unknown_key",      "unknown_validator",
    "unknown_warning",  "unused_allow",     "unused_validator",  "unused_variable"};

std::string_view to_string(Warning warning);

/// Nothing for a word that names no warning.
std::optional<Warning> warning_named(std::string_view word);

}  // namespace hocket::ddl
