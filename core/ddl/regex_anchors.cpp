#include "core/ddl/regex_anchors.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace hocket::ddl {

namespace {

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
