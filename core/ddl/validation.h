#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/regex.h"
#include "core/base/result.h"

namespace hocket::ddl {

/// The rules that a DDL can name. Any other `validation` is a regular expression.
enum class Validator {
    none,
    shellsafe,    ///< none of `$;|&<>'"\() and no control character; blanks and globs pass
    ipv4address,  ///< dotted decimal, four numbers without leading zeros; no prefix, no mask
    ipv6address,  ///< RFC 4291 text form; no prefix, no zone, no brackets
    ipaddress,    ///< either of the two
    fqdn,         ///< RFC 1123: labels of 1 to 63, 253 in total, the last one not a number; no dot at the end
    regex,
};

inline constexpr std::array k_named_validators = {
    std::pair{Validator::shellsafe, std::string_view("shellsafe")},
    std::pair{Validator::ipv4address, std::string_view("ipv4address")},
    std::pair{Validator::ipv6address, std::string_view("ipv6address")},
    std::pair{Validator::ipaddress, std::string_view("ipaddress")},
    std::pair{Validator::fqdn, std::string_view("fqdn")},
};

/// The `validation` of a string input. A regular expression is RE2 and is searched for anywhere in the text,
/// as Choria does it: who wants the whole text to match writes `^…$`. Both are ends of the text, never of a
/// line, so a newline after a valid value is refused. Named validators always judge the whole text.
/// Thread: any.
class Validation {
public:
    Validation() = default;

    /// Errors: usage, when the text is neither a validator's name nor valid RE2; with RE2's reason.
    static Result<Validation> compile(std::string_view text);

    bool accepts(std::string_view value) const;

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
};

/// Which construct of other regular expression dialects makes RE2 refuse the pattern, and what to write
/// instead; empty when it holds none that we know.
std::string_view foreign_regex_feature(std::string_view pattern);

}  // namespace hocket::ddl
