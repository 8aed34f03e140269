#include "core/ddl/regex_advice.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace hocket::ddl {

namespace {

struct ForeignFeature {
    std::string_view start;
    std::string_view advice;
};

// The longer starts come first.
constexpr std::array k_foreign_groups = {
    ForeignFeature{"(?<=", "look-behind is not in RE2: check the text before it in the agent"},
    ForeignFeature{"(?<!", "look-behind is not in RE2: check the text before it in the agent"},
    ForeignFeature{"(?=", "look-ahead is not in RE2: write the alternatives out, or check in the agent"},
    ForeignFeature{"(?!", "look-ahead is not in RE2: write the alternatives out, or check in the agent"},
    ForeignFeature{"(?>", "atomic groups are not in RE2 and not needed: write (?:…)"},
    ForeignFeature{"(?#", "comments in a pattern are not in RE2: leave them out"},
    ForeignFeature{"(?<", "named groups are (?P<name>…) in RE2"},
};

constexpr std::array k_foreign_escapes = {
    ForeignFeature{"\\h", "\\h is not in RE2: write [0-9A-Fa-f] (Ruby) or [ \\t] (PCRE)"},
    ForeignFeature{"\\Z", "\\Z is not in RE2: write \\z, the end of the text"},
    ForeignFeature{"\\G", "\\G is not in RE2: write \\A, the start of the text"},
    ForeignFeature{"\\R", "\\R is not in RE2: write \\r?\\n"},
    ForeignFeature{"\\k", "back-references are not in RE2: compare in the agent"},
};

constexpr std::array<std::string_view, 8> k_posix_properties = {"Alnum", "Alpha", "Digit", "Lower",
                                                                "Punct", "Space", "Upper", "Word"};
constexpr std::string_view k_posix_property =
    "\\p{…} takes categories and scripts alone in RE2: write [[:alpha:]] and so on";
constexpr std::string_view k_back_reference = "back-references are not in RE2: compare in the agent";
constexpr std::string_view k_possessive =
    "possessive quantifiers are not in RE2 and not needed: leave the last + out";

template <std::size_t N>
std::string_view advice_for(const std::array<ForeignFeature, N>& features, std::string_view rest) {
    for (const ForeignFeature& feature : features) {
        if (rest.starts_with(feature.start)) return feature.advice;
    }
    return {};
}

std::string_view escape_advice(std::string_view rest) {
    if (rest.size() > 1 && rest[1] >= '1' && rest[1] <= '9') return k_back_reference;
    if (rest.starts_with("\\p{") || rest.starts_with("\\P{")) {
        const std::string_view name = rest.substr(3, rest.find('}') - 3);
        const bool is_posix =
            std::find(k_posix_properties.begin(), k_posix_properties.end(), name) != k_posix_properties.end();
        return is_posix ? k_posix_property : std::string_view();
    }
    return advice_for(k_foreign_escapes, rest);
}

bool is_possessive(std::string_view rest) {
    return rest.size() > 1 && rest[1] == '+' &&
           std::string_view("*+?").find(rest[0]) != std::string_view::npos;
}

/// A character, an escape or a class of a pattern.
struct Part {
    std::size_t at;
    int depth;  ///< of groups around it; of a parenthesis the outer depth
};

/// The end of the class that begins at the bracket.
std::size_t end_of_class(std::string_view pattern, std::size_t bracket) {
    std::size_t at = bracket + 1;
    if (pattern.substr(at).starts_with('^')) ++at;
    if (pattern.substr(at).starts_with(']')) ++at;
    for (; at < pattern.size() && pattern[at] != ']'; ++at) {
        if (pattern[at] == '\\') ++at;
        if (pattern.substr(at).starts_with("[:"))
            at = std::min(pattern.find(":]", at), pattern.size() - 2) + 1;
    }
    return at;
}

std::vector<Part> parts_of(std::string_view pattern) {
    std::vector<Part> parts;
    int depth = 0;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] == ')') --depth;
        parts.push_back({at, depth});
        if (pattern[at] == '(') ++depth;
        if (pattern[at] == '\\') {
            ++at;
        } else if (pattern[at] == '[') {
            at = end_of_class(pattern, at);
        }
    }
    return parts;
}

std::vector<std::string_view> alternatives_of(std::string_view pattern) {
    std::vector<std::string_view> alternatives;
    std::size_t begin = 0;
    for (const Part& part : parts_of(pattern)) {
        if (pattern[part.at] != '|' || part.depth != 0) continue;
        alternatives.push_back(pattern.substr(begin, part.at - begin));
        begin = part.at + 1;
    }
    alternatives.push_back(pattern.substr(begin));
    return alternatives;
}

/// What is in the group, if the pattern is one group and nothing else.
std::optional<std::string_view> inside_of_group(std::string_view pattern) {
    const std::vector<Part> parts = parts_of(pattern);
    if (parts.size() < 2 || pattern.front() != '(' || pattern[parts.back().at] != ')') return std::nullopt;
    const auto inner_end =
        std::find_if(parts.begin() + 1, parts.end(), [](const Part& part) { return part.depth == 0; });
    if (inner_end->at != parts.back().at) return std::nullopt;
    std::string_view inside = pattern.substr(1, parts.back().at - 1);
    if (inside.starts_with('?'))
        inside.remove_prefix(std::min(inside.find_first_of(":>") + 1, inside.size()));
    return inside;
}

/// The flags that a group `(?flags)` or `(?flags:…)` at the start of the text sets; nothing for another group.
std::optional<std::string_view> flags_at(std::string_view text) {
    if (!text.starts_with("(?")) return std::nullopt;
    const std::size_t end = text.find_first_not_of("imsU-", 2);
    if (end == std::string_view::npos || (text[end] != ':' && text[end] != ')')) return std::nullopt;
    const std::string_view flags = text.substr(2, end - 2);
    return flags.substr(0, flags.find('-'));
}

/// Whether `^` and `$` may be the ends of a line somewhere in it.
bool is_multi_line(std::string_view pattern) {
    return std::ranges::any_of(parts_of(pattern), [&](const Part& part) {
        return flags_at(pattern.substr(part.at)).value_or("").find('m') != std::string_view::npos;
    });
}

/// What stands behind the flags that the pattern begins with.
std::string_view without_flags(std::string_view pattern) {
    const std::size_t end = pattern.find_first_of(":)");
    if (!flags_at(pattern) || pattern[end] != ')') return pattern;
    return pattern.substr(end + 1);
}

bool ends_at_end(std::string_view alternative, bool dot_is_any) {
    const std::vector<Part> parts = parts_of(alternative);
    if (parts.empty()) return false;
    const std::string_view last = alternative.substr(parts.back().at);
    if (last == "$" || last == "\\z") return true;
    return dot_is_any && parts.size() > 1 && alternative.substr(parts[parts.size() - 2].at) == ".*";
}

bool are_anchored(std::string_view pattern, bool dot_is_any) {
    return std::ranges::all_of(alternatives_of(pattern), [&](std::string_view alternative) {
        if (const auto inside = inside_of_group(alternative)) return are_anchored(*inside, dot_is_any);
        const bool begins = alternative.starts_with('^') || alternative.starts_with("\\A") ||
                            (dot_is_any && alternative.starts_with(".*"));
        return begins && ends_at_end(alternative, dot_is_any);
    });
}

/// Without an anchor at its start and one at its end.
std::string_view without_anchors(std::string_view pattern) {
    if (pattern.starts_with('^')) {
        pattern.remove_prefix(1);
    } else if (pattern.starts_with("\\A")) {
        pattern.remove_prefix(2);
    }
    const std::vector<Part> parts = parts_of(pattern);
    if (parts.empty()) return pattern;
    const std::string_view last = pattern.substr(parts.back().at);
    if (last == "$" || last == "\\z") pattern.remove_suffix(last.size());
    return pattern;
}

bool has_anchor(std::string_view pattern) {
    return std::ranges::any_of(parts_of(pattern), [&](const Part& part) {
        const std::string_view rest = pattern.substr(part.at);
        return rest.starts_with('^') || rest.starts_with('$') || rest.starts_with("\\A") ||
               rest.starts_with("\\z");
    });
}

}  // namespace

std::string_view foreign_regex_feature(std::string_view pattern) {
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const std::string_view rest = pattern.substr(i);
        if (rest.front() == '\\') {
            const std::string_view advice = escape_advice(rest);
            if (!advice.empty()) return advice;
            ++i;
        } else if (in_class) {
            in_class = rest.front() != ']';
        } else if (rest.front() == '[') {
            in_class = true;
            if (rest.starts_with("[]") || rest.starts_with("[^]")) i += rest[1] == '^' ? 2U : 1U;
        } else if (is_possessive(rest)) {
            return k_possessive;
        } else if (const std::string_view advice = advice_for(k_foreign_groups, rest); !advice.empty()) {
            return advice;
        }
    }
    return {};
}

bool is_anchored(std::string_view pattern) {
    if (is_multi_line(pattern)) return false;
    const std::string_view meant = without_flags(pattern);
    const std::string_view flags = pattern.substr(0, pattern.size() - meant.size());
    return are_anchored(meant, flags_at(flags).value_or("").find('s') != std::string_view::npos);
}

std::string anchored_form(std::string_view pattern) {
    const std::string_view meant = without_flags(pattern);
    const std::string_view inner = without_anchors(meant);
    if (is_multi_line(pattern) || has_anchor(inner)) return {};
    const std::string flags(pattern.substr(0, pattern.size() - meant.size()));
    const bool has_choice = alternatives_of(inner).size() > 1;
    return flags + (has_choice ? "^(?:" : "^") + std::string(inner) + (has_choice ? ")$" : "$");
}

}  // namespace hocket::ddl
