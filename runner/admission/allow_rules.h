#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace hocket::admission {

/// One `[[allow]]` of the configuration: these callers may call every action of these agents. "*" is everybody, or
/// every agent.
struct AllowRule {
    std::vector<std::string> callers;
    std::vector<std::string> agents;
    int line = 0;
};

/// Who may call what. What no rule allows is denied, built-in agents included.
class AllowRules {
public:
    /// Whether "*" covers the agent, or a rule must name it (`allow: by_name` of a DDL).
    enum class Covered { by_star, by_name };

    AllowRules() = default;
    AllowRules(std::vector<AllowRule> rules, std::string file)
        : rules_(std::move(rules)), file_(std::move(file)) {}

    /// Errors: denied, naming the file to look at.
    Result<void> check(std::string_view caller, std::string_view agent, Covered covered) const;

    const std::vector<AllowRule>& rules() const { return rules_; }

private:
    std::vector<AllowRule> rules_;
    std::string file_;
};

}  // namespace hocket::admission
