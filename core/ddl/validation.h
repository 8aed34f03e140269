#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/regex.h"
#include "core/base/result.h"
#include "core/ddl/named_validators.h"

namespace hocket::ddl {

class DeclaredValidator;
class Validators;

/// The `validation` of a string input. A regular expression is RE2 and is searched for anywhere in the text,
/// as Choria does it: who wants the whole text to match writes `^…$`. Both are ends of the text, never of a
/// line, so a newline after a valid value is refused. Named validators always judge the whole text.
/// Thread: any.
class Validation {
public:
    Validation() = default;

    /// The text names one of the declared validators (null: there are none) or a built-in one, or is RE2, which comes from
    /// the cache if there is one.
    /// Errors: usage, with RE2's reason.
    static Result<Validation> compile(std::string_view text, const Validators* declared = nullptr,
                                      RegexCache* cache = nullptr);

    bool accepts(std::string_view value) const;

    /// The declared validator that it names, or null.
    const DeclaredValidator* declared() const { return declared_.get(); }

    Validator validator() const { return validator_; }

    /// As the DDL has it; empty for none.
    const std::string& text() const { return text_; }

    /// What it asks for, in words: "an IPv4 address", "text that matches ^[a-z]+$".
    std::string describe() const;

    bool operator==(const Validation& other) const { return text_ == other.text_; }

private:
    Validator validator_ = Validator::none;
    std::string text_;
    std::optional<Regex> regex_;
    std::shared_ptr<const DeclaredValidator> declared_;
};

}  // namespace hocket::ddl
