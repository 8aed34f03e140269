#include "runner/admission/allow_rules.h"

#include <algorithm>

namespace hocket::admission {

namespace {

bool holds(const std::vector<std::string>& names, std::string_view name) {
    return std::any_of(names.begin(), names.end(),
                       [name](const std::string& allowed) { return allowed == "*" || allowed == name; });
}

std::string lines_for(const std::vector<AllowRule>& rules, std::string_view caller) {
    std::string lines;
    for (const AllowRule& rule : rules) {
        if (!holds(rule.callers, caller)) continue;
        lines += (lines.empty() ? "line " : ", ") + std::to_string(rule.line);
    }
    return lines;
}

}  // namespace

Result<void> AllowRules::check(std::string_view caller, std::string_view agent) const {
    const bool allowed = std::any_of(rules_.begin(), rules_.end(), [&](const AllowRule& rule) {
        return holds(rule.callers, caller) && holds(rule.agents, agent);
    });
    if (allowed) return {};
    const std::string near = lines_for(rules_, caller);
    const std::string why = near.empty() ? "no [[allow]] rule of " + file_ + " names this caller"
                                         : "the [[allow]] rules of " + file_ + " for this caller (" + near +
                                               ") do not name the agent";
    return Error{ErrorCode::denied,
                 std::string(caller) + " may not call agent '" + std::string(agent) + "': " + why,
                 {}};
}

}  // namespace hocket::admission
