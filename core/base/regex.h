#pragma once

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
    /// Errors: usage, with RE2's reason.
    static Result<Regex> compile(std::string_view pattern);

    bool full_match(std::string_view text) const;
    bool search(std::string_view text) const;
    const std::string& pattern() const;

    /// Of `(?P<name>…)`, sorted.
    std::vector<std::string> group_names() const;
    /// What the named groups hold at the first place where it matches; those that took no part are left out.
    std::optional<std::map<std::string, std::string>> capture(std::string_view text) const;

private:
    explicit Regex(std::shared_ptr<const re2::RE2> compiled);

    std::shared_ptr<const re2::RE2> compiled_;
};

}  // namespace hocket
