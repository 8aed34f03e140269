#include "ddl-compiler/back_ends/character_class.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hocket::ddl_compiler {

namespace {

using namespace std::string_view_literals;

constexpr char32_t k_before_surrogates = 0xD7FF;
constexpr char32_t k_after_surrogates = 0xE000;
constexpr std::string_view k_any_character = "[\\s\\S]";
constexpr std::string_view k_no_character = "(?:(?![\\s\\S])[\\s\\S])";  // V8 and Perl fail over [^\s\S]
constexpr char32_t k_kelvin_sign = 0x212A;
constexpr char32_t k_long_s = 0x017F;

// The ends of each range, one pair after the other. All are of ASCII.
constexpr std::array k_groups = {
    std::pair{"d"sv, "09"sv},           std::pair{"s"sv, "\t\n\f\r  "sv},
    std::pair{"w"sv, "09AZaz__"sv},     std::pair{"alnum"sv, "09AZaz"sv},
    std::pair{"alpha"sv, "AZaz"sv},     std::pair{"ascii"sv, "\x00\x7F"sv},
    std::pair{"blank"sv, "\t\t  "sv},   std::pair{"cntrl"sv, "\x00\x1F\x7F\x7F"sv},
    std::pair{"digit"sv, "09"sv},       std::pair{"graph"sv, "!~"sv},
    std::pair{"lower"sv, "az"sv},       std::pair{"print"sv, " ~"sv},
    std::pair{"punct"sv, "!/:@[`{~"sv}, std::pair{"space"sv, "\t\r  "sv},
    std::pair{"upper"sv, "AZ"sv},       std::pair{"word"sv, "09AZaz__"sv},
    std::pair{"xdigit"sv, "09AFaf"sv},
};

bool is_surrogate(char32_t character) {
    return character > k_before_surrogates && character < k_after_surrogates;
}

std::string to_utf8(char32_t character) {
    const auto tail = [character](unsigned shift) {
        return static_cast<char>(0x80U | ((character >> shift) & 0x3FU));
    };
    if (character < 0x80) return {static_cast<char>(character)};
    if (character < 0x800) return {static_cast<char>(0xC0U | (character >> 6U)), tail(0)};
    if (character < 0x10000) return {static_cast<char>(0xE0U | (character >> 12U)), tail(6), tail(0)};
    return {static_cast<char>(0xF0U | (character >> 18U)), tail(12), tail(6), tail(0)};
}

std::string hex_escape(char32_t character) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    return {'\\', 'x', digits[character >> 4U], digits[character & 15U]};
}

std::string escape(char32_t character, std::string_view special) {
    switch (character) {
        case U'\t': return "\\t";
        case U'\n': return "\\n";
        case U'\f': return "\\f";
        case U'\r': return "\\r";
    }
    if (character < 0x20 || (character >= 0x7F && character < 0xA0)) return hex_escape(character);
    const std::string text = to_utf8(character);
    return special.find(text) == std::string_view::npos ? text : "\\" + text;
}

/// A member of a class; `text` is the class so far. Two of these marks in a row are an operator to some: `&&`, `~~`.
std::string escape_member(char32_t character, const std::string& text) {
    constexpr std::string_view marks = "!#$%&*+,.:;<=>?@^`~";
    const bool is_mark =
        character < 0x80 && marks.find(static_cast<char>(character)) != std::string_view::npos;
    if (is_mark && text.back() == static_cast<char>(character)) return hex_escape(character);
    return escape(character, "\\]^-[(){}/|");
}

}  // namespace

char32_t take_code_point(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t character = length == 1 ? first : first & (0xFFU >> (length + 1));
    for (const char byte : text.substr(1, length - 1))
        character = (character << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
    text.remove_prefix(std::min(length, text.size()));
    return character;
}

std::string escape_literal(char32_t character) {
    return escape(character, "^$\\.*+?()[]{}|");
}

CharacterClass CharacterClass::named(std::string_view name, LetterCase letter_case) {
    CharacterClass group;
    for (const auto& [known, ends] : k_groups) {
        if (known != name) continue;
        for (std::size_t i = 0; i < ends.size(); i += 2) {
            group.add(static_cast<unsigned char>(ends[i]), static_cast<unsigned char>(ends[i + 1]),
                      letter_case);
        }
    }
    return group;
}

bool CharacterClass::add(char32_t low, char32_t high, LetterCase letter_case) {
    if (is_surrogate(low) || is_surrogate(high)) return false;
    add_range({low, high});
    if (letter_case == LetterCase::kept) return true;
    if (high >= 0x80) return false;
    const auto add_other_case = [&](char32_t first, char32_t last, char32_t other_first) {
        const Range letters = {std::max(low, first), std::min(high, last)};
        if (letters.low > letters.high) return;
        add_range({letters.low - first + other_first, letters.high - first + other_first});
    };
    add_other_case(U'a', U'z', U'A');
    add_other_case(U'A', U'Z', U'a');
    const auto holds = [&](char32_t letter) { return low <= letter && letter <= high; };
    if (holds(U'k') || holds(U'K')) add_range({k_kelvin_sign, k_kelvin_sign});
    if (holds(U's') || holds(U'S')) add_range({k_long_s, k_long_s});
    return true;
}

void CharacterClass::add(const CharacterClass& other) {
    for (const Range& range : other.ranges_)
        add_range(range);
}

void CharacterClass::add_range(Range range) {
    const bool is_there = std::ranges::any_of(
        ranges_, [&](const Range& known) { return known.low <= range.low && range.high <= known.high; });
    if (!is_there) ranges_.push_back(range);
}

std::vector<CharacterClass::Range> CharacterClass::merged() const {
    std::vector<Range> sorted = ranges_;
    std::ranges::sort(sorted, {}, &Range::low);
    std::vector<Range> merged;
    for (const Range& range : sorted) {
        const bool touches = !merged.empty() &&
                             (range.low <= merged.back().high + 1 ||
                              (merged.back().high == k_before_surrogates && range.low == k_after_surrogates));
        if (touches) {
            merged.back().high = std::max(merged.back().high, range.high);
        } else {
            merged.push_back(range);
        }
    }
    return merged;
}

CharacterClass CharacterClass::complement() const {
    CharacterClass others;
    char32_t next = 0;
    const auto add_before = [&](char32_t end) {
        const char32_t low = is_surrogate(next) ? k_after_surrogates : next;
        const char32_t high = is_surrogate(end - 1) ? k_before_surrogates : end - 1;
        if (next < end && low <= high) others.add_range({low, high});
    };
    for (const Range& range : merged()) {
        add_before(range.low);
        next = range.high + 1;
    }
    add_before(k_last_code_point + 1);
    return others;
}

std::string CharacterClass::to_string(bool negated) const {
    const std::vector<Range> all = merged();
    const bool reaches_end = !all.empty() && all.back().high == k_last_code_point;
    if (reaches_end && all.front().low == 0 && all.size() == 1)
        return std::string(negated ? k_no_character : k_any_character);
    if (reaches_end) return complement().to_string(!negated);
    std::string text = negated ? "[^" : "[";
    for (const Range& range : ranges_) {
        text += escape_member(range.low, text);
        if (range.high > range.low + 1) text += '-';
        if (range.high > range.low) text += escape_member(range.high, text);
    }
    return text + "]";
}

}  // namespace hocket::ddl_compiler
