#include "core/ddl/regex_advice.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/ascii.h"
#include "core/base/text.h"

namespace hocket::ddl {

namespace {

struct ForeignFeature {
    std::string_view start;
    std::string_view advice;
};

constexpr std::string_view k_behind = "look-behind is not in RE2: check the text before it in the agent";
constexpr std::string_view k_ahead =
    "look-ahead is not in RE2: write the alternatives out, or check in the agent";
constexpr std::string_view k_recursion = "a pattern within itself is not in RE2: check in the agent";
constexpr std::string_view k_back_reference = "back-references are not in RE2: compare in the agent";
constexpr std::string_view k_named_group = "named groups are (?P<name>…) in RE2";

// The longer starts come first.
constexpr std::array k_foreign_groups = {
    ForeignFeature{"(?<=", k_behind},
    ForeignFeature{"(?<!", k_behind},
    ForeignFeature{"(?=", k_ahead},
    ForeignFeature{"(?!", k_ahead},
    ForeignFeature{"(?>", "atomic groups are not in RE2 and not needed: write (?:…)"},
    ForeignFeature{"(?#", "comments in a pattern are not in RE2: leave them out"},
    ForeignFeature{"(?<", k_named_group},
    ForeignFeature{"(?'", k_named_group},
    ForeignFeature{"(?(", "conditions are not in RE2: write both cases out as alternatives"},
    ForeignFeature{"(?~", "absence operators are not in RE2: check in the agent"},
    ForeignFeature{"(?|", "groups that share a number are not in RE2 and not needed: write (?:…)"},
    ForeignFeature{"(?&", k_recursion},
    ForeignFeature{"(?P>", k_recursion},
    ForeignFeature{"(?R", k_recursion},
    ForeignFeature{"(?P=", k_back_reference},
    ForeignFeature{
        "(*", "a group begins with no *: write \\* for the character, and leave verbs such as (*FAIL) out"},
};

constexpr std::array k_foreign_escapes = {
    ForeignFeature{"\\h", "\\h is not in RE2: write [0-9A-Fa-f] (Ruby) or [ \\t] (PCRE)"},
    ForeignFeature{"\\H", "\\H is not in RE2: write [^0-9A-Fa-f] (Ruby) or [^ \\t] (PCRE)"},
    ForeignFeature{"\\Z", "\\Z is not in RE2: write \\z, the end of the text"},
    ForeignFeature{"\\G", "\\G is not in RE2: write \\A, the start of the text"},
    ForeignFeature{"\\R", "\\R is not in RE2: write \\r?\\n"},
    ForeignFeature{"\\N", "\\N is not in RE2: write [^\\n]"},
    ForeignFeature{"\\X", "\\X is not in RE2: write \\PM\\pM*, a letter and its marks"},
    ForeignFeature{"\\K", "\\K is not in RE2 and not needed: what comes before it is only looked for"},
    ForeignFeature{"\\e", "\\e is not in RE2: write \\x1b, the escape character"},
    ForeignFeature{"\\c", "\\c is not in RE2: write \\x01 for \\cA, and so on"},
    ForeignFeature{"\\M", "\\M is not in RE2: write the byte as \\x{…}"},
    ForeignFeature{"\\u", "\\u is not in RE2: write \\x{…} with the same digits"},
    ForeignFeature{"\\x", "\\x takes two digits, or more in braces: \\x41, \\x{1f600}"},
    ForeignFeature{"\\k", k_back_reference},
    ForeignFeature{"\\g", k_recursion},
};

constexpr std::array<std::string_view, 14> k_posix_properties = {
    "Alnum", "Alpha", "Blank", "Cntrl", "Digit", "Graph",  "Lower",
    "Print", "Punct", "Space", "Upper", "Word",  "XDigit", "XPosixPunct"};
constexpr std::string_view k_posix_property =
    "\\p{…} takes categories and scripts alone in RE2: write [[:alpha:]] and so on";
constexpr std::string_view k_possessive =
    "possessive quantifiers are not in RE2 and not needed: leave the last + out";
constexpr std::string_view k_two_counts = "two counts in a row are not in RE2: write (?:a{2}){3} for a{2}{3}";
constexpr std::string_view k_large_count =
    "RE2 counts to 1000, counts within counts multiplied: limit the length with 'maxlength'";
constexpr std::string_view k_extended =
    "the flag x is not in RE2: write the pattern without blanks and comments";
constexpr std::string_view k_flags = "the flags of RE2 are i, m, s and U";
constexpr std::string_view k_backspace = "\\b in a class is not in RE2: write \\x08, the backspace";
constexpr std::size_t k_max_count = 1000;

// Escapes of a letter that RE2 knows; \x and \p only with the right characters behind them.
constexpr std::string_view k_letters_of_re2 = "AbBCdDsSwWzQEafnrtvpP";

template <std::size_t N>
std::string_view advice_for(const std::array<ForeignFeature, N>& features, std::string_view rest) {
    for (const ForeignFeature& feature : features) {
        if (rest.starts_with(feature.start)) return feature.advice;
    }
    return {};
}

std::string_view property_advice(std::string_view rest) {
    std::string_view name = rest.substr(3, rest.find('}') - 3);
    if (name.starts_with('^')) name.remove_prefix(1);
    const bool is_posix = std::ranges::any_of(k_posix_properties, [&](std::string_view property) {
        return to_lower_ascii(property) == to_lower_ascii(name);
    });
    return is_posix || name == "L&" ? k_posix_property : std::string_view();
}

/// What begins with a backslash.
std::string escape_advice(std::string_view rest, bool in_class) {
    const char byte = rest.size() > 1 ? rest[1] : '\0';
    const char next = rest.size() > 2 ? rest[2] : '\0';
    if (is_digit(byte)) {
        const bool is_octal_number = byte == '0' || (is_octal_digit(byte) && is_octal_digit(next));
        return is_octal_number ? "" : std::string(k_back_reference);
    }
    if (rest.starts_with("\\p{") || rest.starts_with("\\P{")) return std::string(property_advice(rest));
    if (byte == 'x' && (next == '{' || (is_hex_digit(next) && rest.size() > 3 && is_hex_digit(rest[3]))))
        return "";
    if (in_class && byte == 'b') return std::string(k_backspace);
    if (const std::string_view advice = advice_for(k_foreign_escapes, rest); !advice.empty())
        return std::string(advice);
    if (!is_letter(byte) || k_letters_of_re2.find(byte) != std::string_view::npos) return "";
    return std::string("\\") + byte + " is not in RE2: for the letter itself leave the backslash out";
}

/// With its braces, or up to the end of what `\\Q` quotes.
std::size_t escape_size(std::string_view rest) {
    if (rest.starts_with("\\Q")) return std::min(rest.find("\\E"), rest.size() - 2) + 2;
    const bool has_braces = rest.starts_with("\\x{") || rest.starts_with("\\p{") || rest.starts_with("\\P{");
    const std::size_t end = has_braces ? rest.find('}') : std::string_view::npos;
    return end == std::string_view::npos ? std::min<std::size_t>(2, rest.size()) : end + 1;
}

/// What begins with a parenthesis.
std::string_view group_advice(std::string_view rest) {
    if (const std::string_view advice = advice_for(k_foreign_groups, rest); !advice.empty()) return advice;
    if (!rest.starts_with("(?")) return {};
    const std::string_view flags = rest.substr(2, rest.find_first_of(":)<") - 2);
    const std::size_t digit = flags.find_first_not_of("+-");
    if (digit < 2 && digit != std::string_view::npos && is_digit(flags[digit])) return k_recursion;
    if (flags.starts_with('P')) return {};
    if (flags.find('x') != std::string_view::npos) return k_extended;
    return flags.find_first_not_of("imsU-") == std::string_view::npos ? std::string_view() : k_flags;
}

/// A count `{2}`, `{2,}`, `{2,3}`, or one of `*+?`, and the larger of its numbers; none is 0 bytes long.
struct Quantifier {
    std::size_t size = 0;
    std::size_t count = 0;
};

Quantifier quantifier_at(std::string_view rest) {
    if (rest.empty()) return {};
    if (std::string_view("*+?").find(rest.front()) != std::string_view::npos) return {1, 0};
    const std::size_t end = rest.find('}');
    if (rest.front() != '{' || end == std::string_view::npos || !is_digit(rest[1])) return {};
    const std::string_view inside = rest.substr(1, end - 1);
    if (inside.find_first_not_of("0123456789,") != std::string_view::npos) return {};
    const std::size_t comma = inside.rfind(',');
    const bool has_upper = comma != std::string_view::npos && comma + 1 < inside.size();
    const std::string_view number = has_upper ? inside.substr(comma + 1) : inside.substr(0, comma);
    std::size_t count = k_max_count + 1;  // what is too long for the type
    std::from_chars(number.data(), number.data() + number.size(), count);
    return {end + 1, count};
}

std::string_view quantifier_advice(std::string_view rest, const Quantifier& quantifier) {
    if (quantifier.count > k_max_count) return k_large_count;
    const std::string_view behind = rest.substr(quantifier.size);
    if (behind.starts_with('+') && rest.front() != '{') return k_possessive;
    if (behind.starts_with('?')) return {};  // as few as possible
    return quantifier_at(behind).size != 0 ? k_two_counts : std::string_view();
}

}  // namespace

std::string foreign_regex_feature(std::string_view pattern, std::string_view reason) {
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const std::string_view rest = pattern.substr(i);
        if (rest.front() == '\\') {
            std::string advice = escape_advice(rest, in_class);
            if (!advice.empty()) return advice;
            i += escape_size(rest) - 1;
        } else if (in_class) {
            in_class = rest.front() != ']';
            const std::size_t named_end = rest.starts_with("[:") ? rest.find(":]") : std::string_view::npos;
            if (named_end != std::string_view::npos) i += named_end + 1;
        } else if (rest.front() == '[') {
            in_class = true;
            if (rest.starts_with("[]") || rest.starts_with("[^]")) i += rest[1] == '^' ? 2U : 1U;
        } else if (const Quantifier quantifier = quantifier_at(rest); quantifier.size != 0) {
            const std::string_view advice = quantifier_advice(rest, quantifier);
            if (!advice.empty()) return std::string(advice);
            i += quantifier.size - 1;
        } else if (rest.front() == '(') {
            const std::string_view advice = group_advice(rest);
            if (!advice.empty()) return std::string(advice);
            if (rest.starts_with("(?")) ++i;  // its question mark is no quantifier
        }
    }
    const bool is_size = reason.find("repetition size") != std::string_view::npos;  // of counts within counts
    return is_size ? std::string(k_large_count) : "";
}

}  // namespace hocket::ddl
