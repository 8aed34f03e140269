#include "runner/admission/allow_rules.h"

#include <algorithm>

namespace hocket::admission {

namespace {

bool names(const std::vector<std::string>& all, std::string_view name) {
    return std::ranges::find(all, name) != all.end();
}

bool holds(const std::vector<std::string>& all, std::string_view name) {
    return names(all, "*") || names(all, name);
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

Result<void> AllowRules::check(std::string_view caller, std::string_view agent, Covered covered) const {
    const bool allowed = std::ranges::any_of(rules_, [&](const AllowRule& rule) {
        const bool is_covered =
            covered == Covered::by_star ? holds(rule.agents, agent) : names(rule.agents, agent);
        return holds(rule.callers, caller) && is_covered;
    });
    if (allowed) return {};
    const std::string near = lines_for(rules_, caller);
    const std::string why = near.empty()
                                ? "no [[allow]] rule of " + file_ + " names this caller"
                                : "the [[allow]] rules of " + file_ + " for this caller (" + near +
                                      ") do not name the agent" +
                                      (covered == Covered::by_name ? ", which \"*\" does not cover" : "");
    return Error{ErrorCode::denied,
                 std::string(caller) + " may not call agent '" + std::string(agent) + "': " + why,
                 {}};
}

}  // namespace hocket::admission
