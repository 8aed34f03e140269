#include "core/filter/expression.h"

namespace hocket::filter {

namespace {

constexpr int k_max_compiled_bytes = 1 << 16;  // 4,000 instructions

}  // namespace

bool is_expression(std::string_view text) {
    return text.size() >= 2 && text.starts_with('/') && text.ends_with('/');
}

std::string_view without_slashes(std::string_view text) {
    return is_expression(text) ? text.substr(1, text.size() - 2) : text;
}

Result<Regex> compile_expression(std::string_view pattern) {
    if (pattern.empty()) {
        return Error{ErrorCode::usage, "the expression is empty and would match everything; try /./", {}};
    }
    if (pattern.size() > k_max_expression_bytes) {
        return Error{ErrorCode::usage,
                     "the expression has " + std::to_string(pattern.size()) + " bytes, the limit is " +
                         std::to_string(k_max_expression_bytes),
                     {}};
    }
    return Regex::compile(pattern, k_max_compiled_bytes);
}

}  // namespace hocket::filter
