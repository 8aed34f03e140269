#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/regex.h"
#include "core/base/result.h"

namespace hocket::filter {

/// Bytes of a literal class, a fact's path or a fact's value.
inline constexpr std::size_t k_max_literal_bytes = 1024;

/// Errors: usage (empty, too long, not UTF-8), naming `what`.
Result<void> check_literal(std::string_view what, std::string_view text);

/// What a node's identity, or one of its classes or agents, is compared with (spec/protocol.md, filters):
///
///     term = literal | "/" expression "/"
///
/// A literal is equal byte by byte; an RE2 expression is searched in the name, so `^` and `$` are needed for
/// a full match. Both are case-sensitive.
class Term {
public:
    enum class Kind { identity, class_name, agent };

    /// Errors: usage (a literal outside of its kind's grammar, an expression that is not valid).
    static Result<Term> parse(Kind kind, std::string_view text);

    bool matches(std::string_view name) const;
    bool is_literal() const { return !expression_.has_value(); }
    std::size_t instructions() const { return expression_ ? expression_->instructions() : 0; }
    /// As written, with the slashes of an expression.
    const std::string& text() const { return text_; }

private:
    Term(std::string text, std::optional<Regex> expression);

    std::string text_;
    std::optional<Regex> expression_;
};

}  // namespace hocket::filter
