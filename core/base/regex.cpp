#include "core/base/regex.h"

#include <algorithm>
#include <re2/re2.h>

namespace hocket {

namespace {

// A pattern comes from a DDL or from a request's filter: what it may cost is bounded.
constexpr std::size_t k_max_pattern_bytes = 16U << 10U;
constexpr std::size_t k_max_cached = 1'000;

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

using Groups = std::vector<re2::StringPiece>;

/// The group that `\digit` or `\&` names; nothing for another character.
std::optional<std::size_t> group_named(char reference) {
    if (reference == '&') return 0;
    if (reference < '0' || reference > '9') return std::nullopt;
    return static_cast<std::size_t>(reference - '0');
}

/// Ends early once the text is longer than max_bytes.
void append_replacement(std::string& text, std::string_view replacement, const Groups& groups,
                        std::size_t max_bytes) {
    for (std::size_t i = 0; i < replacement.size() && text.size() <= max_bytes; ++i) {
        const bool is_escape = replacement[i] == '\\' && i + 1 < replacement.size();
        const std::optional<std::size_t> group = is_escape ? group_named(replacement[i + 1]) : std::nullopt;
        if (group) {
            if (*group < groups.size()) text.append(groups[*group].data(), groups[*group].size());
            ++i;
        } else {
            text += replacement[i];
            if (is_escape && replacement[i + 1] == '\\') ++i;
        }
    }
}

/// How long the UTF-8 character at the start of the text is, by its first byte.
std::size_t character_size(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t size = first < 0xC0U ? 1 : first < 0xE0U ? 2 : first < 0xF0U ? 3 : 4;
    return std::min(size, text.size());
}

enum class Which { first, all };

std::optional<std::string> replace(const re2::RE2& regex, std::string_view text, std::string_view replacement,
                                   Which which, std::size_t max_bytes) {
    Groups groups(static_cast<std::size_t>(regex.NumberOfCapturingGroups()) + 1);
    std::string result;
    std::size_t position = 0;
    while (position <= text.size() && regex.Match(piece(text), position, text.size(), re2::RE2::UNANCHORED,
                                                  groups.data(), static_cast<int>(groups.size()))) {
        const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
        const std::size_t end = begin + groups[0].size();
        result += text.substr(position, begin - position);
        append_replacement(result, replacement, groups, max_bytes);
        const bool is_empty = begin == end && end < text.size();
        const std::size_t copied = is_empty && which == Which::all ? character_size(text.substr(end)) : 0;
        result += text.substr(end, copied);
        position = end + copied;
        if (result.size() > max_bytes) return std::nullopt;
        if (which == Which::first || (begin == end && end == text.size())) break;
    }
    if (position < text.size()) result += text.substr(position);
    return result.size() > max_bytes ? std::nullopt : std::optional(result);
}

}  // namespace

Regex::Regex(std::shared_ptr<const re2::RE2> compiled) : compiled_(std::move(compiled)) {}

Result<Regex> Regex::compile(std::string_view pattern, int max_bytes) {
    if (pattern.size() > k_max_pattern_bytes) {
        return Error{ErrorCode::usage,
                     "a regular expression of " + std::to_string(pattern.size()) + " bytes, the limit is " +
                         std::to_string(k_max_pattern_bytes),
                     {}};
    }
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(max_bytes);
    auto compiled = std::make_shared<const re2::RE2>(piece(pattern), options);
    if (!compiled->ok()) {
        return Error{
            ErrorCode::usage,
            "regular expression '" + std::string(pattern) + "' is not valid RE2: " + compiled->error(),
            {}};
    }
    return Regex(std::move(compiled));
}

bool Regex::full_match(std::string_view text) const {
    return re2::RE2::FullMatch(piece(text), *compiled_);
}

bool Regex::search(std::string_view text) const {
    return re2::RE2::PartialMatch(piece(text), *compiled_);
}

const std::string& Regex::pattern() const {
    return compiled_->pattern();
}

std::size_t Regex::instructions() const {
    return static_cast<std::size_t>(compiled_->ProgramSize());
}

std::vector<std::string> Regex::group_names() const {
    std::vector<std::string> names;
    for (const auto& [name, index] : compiled_->NamedCapturingGroups())
        names.push_back(name);
    return names;
}

std::optional<std::map<std::string, std::string>> Regex::capture(std::string_view text) const {
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(compiled_->NumberOfCapturingGroups()) + 1);
    if (!compiled_->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, groups.data(),
                          static_cast<int>(groups.size()))) {
        return std::nullopt;
    }
    std::map<std::string, std::string> captured;
    for (const auto& [name, index] : compiled_->NamedCapturingGroups()) {
        const re2::StringPiece& group = groups[static_cast<std::size_t>(index)];
        if (group.data() != nullptr) captured.emplace(name, std::string(group.data(), group.size()));
    }
    return captured;
}

std::optional<std::string> Regex::replace_first(std::string_view text, std::string_view replacement,
                                                std::size_t max_bytes) const {
    return replace(*compiled_, text, replacement, Which::first, max_bytes);
}

std::optional<std::string> Regex::replace_all(std::string_view text, std::string_view replacement,
                                              std::size_t max_bytes) const {
    return replace(*compiled_, text, replacement, Which::all, max_bytes);
}

std::string Regex::quote(std::string_view text) {
    return re2::RE2::QuoteMeta(piece(text));
}

Result<Regex> RegexCache::compile(std::string_view pattern) {
    if (const auto known = compiled_.find(pattern); known != compiled_.end()) return known->second;
    if (compiled_.size() >= k_max_cached) compiled_.clear();
    Result<Regex> regex = Regex::compile(pattern);
    if (regex) compiled_.emplace(pattern, *regex);
    return regex;
}

}  // namespace hocket
