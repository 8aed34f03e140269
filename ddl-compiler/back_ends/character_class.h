#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hocket::ddl_compiler {

inline constexpr char32_t k_last_code_point = 0x10FFFF;

/// Whether a letter stands for its other case too.
enum class LetterCase { kept, folded };

/// The first code point of UTF-8 text that is valid and not empty; the text goes on behind it.
char32_t take_code_point(std::string_view& text);

/// One character of a pattern, outside of a class, as every dialect reads it.
std::string escape_literal(char32_t character);

/// A set of characters, in the order in which its author lists them.
class CharacterClass {
public:
    /// A group that the dialects do not have in common, by RE2's names: `d`, `s`, `w`, or `alpha`, `digit`, ….
    static CharacterClass named(std::string_view name, LetterCase letter_case);

    /// False when that has no portable form: a surrogate at an end, or letters outside of ASCII that are to be folded.
    bool add(char32_t low, char32_t high, LetterCase letter_case);
    void add(const CharacterClass& other);

    /// What is not in the set.
    CharacterClass complement() const;

    bool has_one() const { return ranges_.size() == 1 && ranges_.front().low == ranges_.front().high; }

    /// `[a-z0-9]`, with `^` the complement. In every dialect the same: ECMA-262 (flags u and v), Python, PCRE, RE2.
    std::string to_string(bool negated) const;

private:
    struct Range {
        char32_t low;
        char32_t high;
    };

    void add_range(Range range);
    /// By code point, none touching the next. Between U+D7FF and U+E000 there is nothing.
    std::vector<Range> merged() const;

    std::vector<Range> ranges_;
};

}  // namespace hocket::ddl_compiler
