#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/regex.h"
#include "core/base/result.h"
#include "core/filter/value_order.h"

namespace hocket::filter {

enum class FactOperator { equal, not_equal, less, less_equal, greater, greater_equal, regex };

/// The operator as it stands in a message: `=`, `!=`, `<`, `<=`, `>`, `>=` or `=~`.
std::string_view to_string(FactOperator op);
std::optional<FactOperator> fact_operator_from(std::string_view word);

/// One condition on one fact; holds everything compiled.
class FactTerm {
public:
    /// Reads what a person writes behind `-F`:
    ///
    ///     fact = path operator value        operator = "==" | "=~" | "!=" | "<=" | ">=" | "=" | "<" | ">"
    ///
    /// The operator is the leftmost one, and the longest at that place: `a=b=c` compares `a` with `b=c`, and
    /// `a==~b` compares it with `~b`. Blanks around path and value are dropped. `==` is `=`; `=` before a
    /// `/expression/` is `=~`. A value does not start with `<` or `>`: MCollective's `=>` and `=<` are
    /// refused rather than misread.
    /// Errors: usage.
    static Result<FactTerm> parse(std::string_view text);

    /// From the parts, as a message holds them. The value of `=~` may stand between slashes; that of any
    /// other operator is plain text, even if it is written like an expression.
    /// Errors: usage.
    static Result<FactTerm> make(std::string path, FactOperator op, std::string value);

    const std::string& path() const { return path_; }
    FactOperator op() const { return op_; }
    /// As a message holds it: an expression stands between slashes.
    const std::string& value() const { return value_; }
    /// The value, where it is a decimal.
    const std::optional<Decimal>& number() const { return number_; }
    /// Present exactly for `=~`.
    const std::optional<Regex>& expression() const { return expression_; }
    std::size_t instructions() const { return expression_ ? expression_->instructions() : 0; }

private:
    FactTerm(std::string path, FactOperator op, std::string value);

    std::string path_;
    FactOperator op_;
    std::string value_;
    std::optional<Decimal> number_;
    std::optional<Regex> expression_;
};

}  // namespace hocket::filter
