#include "core/filter/term.h"

#include <utility>

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/filter/expression.h"

namespace hocket::filter {

namespace {

Error usage(std::string message) {
    return {ErrorCode::usage, std::move(message), {}};
}

/// Appends the lower-case spelling when that is the only thing that is wrong.
Error outside_of_grammar(std::string_view text, std::string_view what, bool (*valid)(std::string_view)) {
    std::string message = quote_bytes(text) + " is not " + std::string(what);
    const std::string lower = to_lower_ascii(text);
    if (valid(lower)) message += "; try '" + lower + "'";
    return usage(message);
}

Result<void> check_name(Term::Kind kind, std::string_view text) {
    switch (kind) {
        case Term::Kind::identity:
            if (!is_identity(text)) return outside_of_grammar(text, "an identity", is_identity);
            return {};
        case Term::Kind::agent:
            if (!is_agent_name(text)) return outside_of_grammar(text, "an agent's name", is_agent_name);
            return {};
        case Term::Kind::class_name: return check_literal("the class", text);
    }
    return {};
}

}  // namespace

Result<void> check_literal(std::string_view what, std::string_view text) {
    const std::string subject(what);
    if (text.empty()) return usage(subject + " is empty");
    if (text.size() > k_max_literal_bytes) {
        return usage(subject + " has " + std::to_string(text.size()) + " bytes, the limit is " +
                     std::to_string(k_max_literal_bytes));
    }
    if (!is_utf8(text)) return usage(subject + " is not UTF-8");
    return {};
}

Term::Term(std::string text, std::optional<Regex> expression)
    : text_(std::move(text)), expression_(std::move(expression)) {}

Result<Term> Term::parse(Kind kind, std::string_view text) {
    if (is_expression(text)) {
        Result<Regex> expression = compile_expression(without_slashes(text));
        if (!expression) return expression.error();
        return Term(std::string(text), std::move(*expression));
    }
    if (text.starts_with('/')) {
        return usage(quote_bytes(text) + " starts like an /expression/ but does not end with a slash");
    }
    const Result<void> checked = check_name(kind, text);
    if (!checked) return checked.error();
    return Term(std::string(text), std::nullopt);
}

bool Term::matches(std::string_view name) const {
    return expression_ ? expression_->search(name) : name == text_;
}

}  // namespace hocket::filter
