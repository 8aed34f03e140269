#include "core/filter/fact_term.h"

#include <array>
#include <utility>

#include "core/base/text.h"
#include "core/filter/expression.h"
#include "core/filter/term.h"

namespace hocket::filter {

namespace {

struct Spelling {
    std::string_view text;
    FactOperator op;
};

/// Longest first: at one place `>=` is never read as `>`.
constexpr std::array k_spellings = {
    Spelling{"==", FactOperator::equal},         Spelling{"=~", FactOperator::regex},
    Spelling{"!=", FactOperator::not_equal},     Spelling{"<=", FactOperator::less_equal},
    Spelling{">=", FactOperator::greater_equal}, Spelling{"=", FactOperator::equal},
    Spelling{"<", FactOperator::less},           Spelling{">", FactOperator::greater}};

constexpr std::array k_operators = {
    FactOperator::equal,   FactOperator::not_equal,     FactOperator::less, FactOperator::less_equal,
    FactOperator::greater, FactOperator::greater_equal, FactOperator::regex};

struct Parts {
    std::string_view path;
    FactOperator op;
    std::string_view value;
};

Error usage(std::string message) {
    return {ErrorCode::usage, std::move(message), {}};
}

std::optional<Parts> split_at_operator(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        for (const Spelling& spelling : k_spellings) {
            if (!text.substr(at).starts_with(spelling.text)) continue;
            return Parts{trim(text.substr(0, at)), spelling.op, trim(text.substr(at + spelling.text.size()))};
        }
    }
    return std::nullopt;
}

Result<void> check_spelling(const Parts& parts) {
    if (parts.value.starts_with('<') || parts.value.starts_with('>')) {
        return usage("the value " + quote_bytes(parts.value) +
                     " starts with an operator; write >= or <= for a comparison, =~ for such a text");
    }
    const bool takes_expression = parts.op == FactOperator::equal || parts.op == FactOperator::regex;
    if (is_expression(parts.value) && !takes_expression) {
        return usage("'" + std::string(to_string(parts.op)) +
                     "' takes a plain value; an /expression/ goes with =~");
    }
    return {};
}

Result<void> check_value(FactOperator op, std::string_view value) {
    if (!value.empty()) return check_literal("the value", value);
    if (op == FactOperator::equal || op == FactOperator::not_equal) return {};
    return usage("'" + std::string(to_string(op)) + "' needs a value");
}

}  // namespace

std::string_view to_string(FactOperator op) {
    switch (op) {
        case FactOperator::equal: return "=";
        case FactOperator::not_equal: return "!=";
        case FactOperator::less: return "<";
        case FactOperator::less_equal: return "<=";
        case FactOperator::greater: return ">";
        case FactOperator::greater_equal: return ">=";
        case FactOperator::regex: return "=~";
    }
    return "=";
}

std::optional<FactOperator> fact_operator_from(std::string_view word) {
    for (const FactOperator op : k_operators) {
        if (to_string(op) == word) return op;
    }
    return std::nullopt;
}

FactTerm::FactTerm(std::string path, FactOperator op, std::string value)
    : path_(std::move(path)), op_(op), value_(std::move(value)) {}

Result<FactTerm> FactTerm::parse(std::string_view text) {
    const std::optional<Parts> parts = split_at_operator(text);
    if (!parts) return usage("no operator; write NAME=VALUE, or one of = != < > <= >= =~");
    const Result<void> checked = check_spelling(*parts);
    if (!checked) return checked.error();
    const FactOperator op = is_expression(parts->value) ? FactOperator::regex : parts->op;
    return make(std::string(parts->path), op, std::string(parts->value));
}

Result<FactTerm> FactTerm::make(std::string path, FactOperator op, std::string value) {
    const Result<void> path_checked = check_literal("the fact's name", path);
    if (!path_checked) return path_checked.error();
    if (op == FactOperator::regex) {
        Result<Regex> expression = compile_expression(without_slashes(value));
        if (!expression) return expression.error();
        FactTerm term(std::move(path), op, "/" + std::string(without_slashes(value)) + "/");
        term.expression_ = std::move(*expression);
        return term;
    }
    const Result<void> value_checked = check_value(op, value);
    if (!value_checked) return value_checked.error();
    FactTerm term(std::move(path), op, std::move(value));
    term.number_ = Decimal::from_text(term.value_);
    return term;
}

}  // namespace hocket::filter
