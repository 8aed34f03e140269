#include "ddl-compiler/ruby/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "core/base/text.h"
#include "ddl-compiler/ruby/limits.h"

namespace hocket::ddl_compiler::ruby {

namespace {

constexpr std::size_t k_quoted_bytes = 40;

bool equal_numbers(const Value& left, const Value& right) {
    if (left.kind == right.kind) {
        return left.kind == Value::Kind::integer ? left.integer == right.integer
                                                 : left.floating == right.floating;
    }
    const Value& whole = left.kind == Value::Kind::integer ? left : right;
    const double fraction = left.kind == Value::Kind::floating ? left.floating : right.floating;
    return std::abs(fraction) < 0x1p63 && std::trunc(fraction) == fraction &&
           whole.integer == static_cast<std::int64_t>(fraction);
}

/// As Ruby writes floats: 1.0, 0.0001, 1.0e-05, 1.0e+15.
std::string float_text(double value) {
    std::array<char, 32> buffer{};
    const bool is_plain = value == 0 || (std::abs(value) >= 1e-4 && std::abs(value) < 1e15);
    const std::chars_format format = is_plain ? std::chars_format::fixed : std::chars_format::scientific;
    const std::to_chars_result end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
    std::string text(buffer.data(), end.ptr);
    const std::size_t digits_end = std::min(text.find('e'), text.size());
    if (text.find('.') == std::string::npos) text.insert(digits_end, ".0");
    return text;
}

}  // namespace

bool equals(const Value& left, const Value& right) {
    if (left.is_number() && right.is_number()) return equal_numbers(left, right);
    if (left.kind != right.kind) return false;
    switch (left.kind) {
        case Value::Kind::nil: return true;
        case Value::Kind::boolean: return left.truth == right.truth;
        case Value::Kind::integer:
        case Value::Kind::floating: return equal_numbers(left, right);
        case Value::Kind::string:
        case Value::Kind::symbol: return left.text == right.text;
        case Value::Kind::regex:
        case Value::Kind::array:
        case Value::Kind::hash:
        case Value::Kind::function: return false;
    }
    return false;
}

std::optional<std::string> to_text(const Value& value) {
    switch (value.kind) {
        case Value::Kind::nil: return "";
        case Value::Kind::boolean: return value.truth ? "true" : "false";
        case Value::Kind::integer: return std::to_string(value.integer);
        case Value::Kind::floating: return float_text(value.floating);
        case Value::Kind::string:
        case Value::Kind::symbol: return value.text;
        case Value::Kind::regex:
        case Value::Kind::array:
        case Value::Kind::hash:
        case Value::Kind::function: return std::nullopt;
    }
    return std::nullopt;
}

std::string describe(const Value& value) {
    switch (value.kind) {
        case Value::Kind::nil: return "nil";
        case Value::Kind::boolean: return value.truth ? "true" : "false";
        case Value::Kind::integer:
        case Value::Kind::floating: return "the number " + to_text(value).value_or("");
        case Value::Kind::string: return "the string " + quote_bytes(value.text, k_quoted_bytes);
        case Value::Kind::symbol: return "the symbol :" + escape_text(value.text.substr(0, k_quoted_bytes));
        case Value::Kind::regex: return "a regular expression";
        case Value::Kind::array: return "an array";
        case Value::Kind::hash: return "a hash";
        case Value::Kind::function: return "a call of `" + value.text + "`";
    }
    return {};
}

std::size_t count_values(const Value& value, std::size_t limit) {
    std::size_t count = 1 + value.text.size() / k_bytes_per_value;
    for (std::size_t i = 0; i < value.items.size() && count <= limit; ++i)
        count += count_values(value.items[i], limit - count);
    for (std::size_t i = 0; i < value.pairs.size() && count <= limit; ++i) {
        count += count_values(value.pairs[i].key, limit - count);
        if (count <= limit) count += count_values(value.pairs[i].value, limit - count);
    }
    return count;
}

}  // namespace hocket::ddl_compiler::ruby
