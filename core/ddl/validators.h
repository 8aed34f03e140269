#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/regex.h"
#include "core/base/result.h"
#include "core/ddl/validation.h"
#include "core/ddl/validator_rule.h"

namespace hocket::ddl {

/// A declared validator, ready to judge. Thread: any.
class DeclaredValidator {
public:
    /// Errors: usage: a pattern or characters that cannot be read, an item that is not known, limits that nothing fits.
    static Result<DeclaredValidator> compile(const ValidatorRule& rule, const Validators& known);

    const ValidatorRule& rule() const { return rule_; }
    const Validation& item() const { return item_; }  ///< none, if it is no list
    bool accepts(std::string_view text) const;

    /// What it asks for, in words.
    std::string describe() const;

    /// RE2 that is found in each text that it accepts: all that it asks for but lengths and items.
    std::vector<std::string> patterns() const;

private:
    bool accepts_items(std::string_view text) const;

    ValidatorRule rule_;
    std::optional<Regex> pattern_;
    std::optional<Regex> other_than_allowed_;
    std::optional<Regex> forbidden_;
    Validation item_;
};

/// The validators that users declared, by name. Copies share what is compiled.
class Validators {
public:
    /// An item must be declared before what needs it, so no validator needs itself.
    /// Errors: usage: not a name, the name of a built-in one, and those of DeclaredValidator.
    Result<void> declare(const std::string& name, const ValidatorRule& rule);

    std::shared_ptr<const DeclaredValidator> find(std::string_view name) const;

    bool knows(std::string_view name) const;  ///< built-in ones too
    std::vector<std::string> names() const;   ///< the same
    std::map<std::string, ValidatorRule> rules() const;

    /// The rules of those declared ones among the names, and of all that they need.
    std::map<std::string, ValidatorRule> used_by(const std::set<std::string>& names) const;

private:
    std::map<std::string, std::shared_ptr<const DeclaredValidator>, std::less<>> declared_;
};

}  // namespace hocket::ddl
