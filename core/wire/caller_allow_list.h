#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/regex.h"
#include "core/base/result.h"

namespace hocket::wire {

/// Whose certificates may sign requests at all: names, or expressions between slashes that must match a whole name.
/// Thread: any; immutable.
class CallerAllowList {
public:
    /// An empty list: everybody whom the CA of callers vouches for.
    CallerAllowList() = default;

    /// Errors: invalid_config, naming the term.
    static Result<CallerAllowList> parse(std::span<const std::string> terms);

    bool empty() const { return names_.empty() && expressions_.empty(); }

    bool allows(std::string_view name) const;

    /// Whether a term matches that name; an empty list has none.
    bool matches(std::string_view name) const;

private:
    std::set<std::string, std::less<>> names_;
    std::vector<Regex> expressions_;
};

}  // namespace hocket::wire
