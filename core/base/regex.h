#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace hocket {

/// A compiled RE2 expression: linear time, `^ $` are the ends of the text and never of a line. Cheap to copy.
/// Thread: any.
class Regex {
public:
    /// What RE2 may use for one expression. It takes a microsecond for 20 bytes: `\pL{50}` needs 1 MiB and 50 ms.
    static constexpr int k_usual_bytes = 1 << 20;

    /// Errors: usage, with RE2's reason; over 16 KiB, since the time that RE2 takes grows faster than the pattern.
    static Result<Regex> compile(std::string_view pattern, int max_bytes = k_usual_bytes);

    bool full_match(std::string_view text) const;
    bool search(std::string_view text) const;
    const std::string& pattern() const;

    /// How large it is: a microsecond each to compile.
    std::size_t instructions() const;

    /// Of `(?P<name>…)`, sorted.
    std::vector<std::string> group_names() const;
    /// What the named groups hold at the first place where it matches; those that took no part are left out.
    std::optional<std::map<std::string, std::string>> capture(std::string_view text) const;

    /// The text with the first match replaced, or each of them from left to right; an empty match counts right behind
    /// another match too, as in Ruby. In the replacement `\1` to `\9` are what the groups hold, `\0` and `\&` the match
    /// and `\\` a backslash. Nothing when the result would be longer than max_bytes.
    std::optional<std::string> replace_first(std::string_view text, std::string_view replacement,
                                             std::size_t max_bytes) const;
    std::optional<std::string> replace_all(std::string_view text, std::string_view replacement,
                                           std::size_t max_bytes) const;

    /// A pattern that matches the text and nothing else.
    static std::string quote(std::string_view text);

private:
    explicit Regex(std::shared_ptr<const re2::RE2> compiled);

    std::shared_ptr<const re2::RE2> compiled_;
};

/// Expressions by their pattern, so that each is compiled once.
/// Thread: one.
class RegexCache {
public:
    /// Errors: those of Regex::compile.
    Result<Regex> compile(std::string_view pattern);

private:
    std::map<std::string, Regex, std::less<>> compiled_;
};

}  // namespace hocket
