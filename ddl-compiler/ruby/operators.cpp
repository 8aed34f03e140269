#include "ddl-compiler/ruby/operators.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "ddl-compiler/ruby/refusal.h"

namespace hocket::ddl_compiler::ruby {

namespace {

Error beyond() {
    return refusal("the result is beyond 64 bits");
}

struct Quotient {
    std::int64_t quotient;
    std::int64_t remainder;
};

/// Rounded down; the divisor is not zero, and the quotient is no overflow.
Quotient divide(std::int64_t left, std::int64_t right) {
    Quotient result{left / right, left % right};
    if (result.remainder != 0 && (result.remainder < 0) != (right < 0)) {
        --result.quotient;
        result.remainder += right;
    }
    return result;
}

Result<std::int64_t> power(std::int64_t base, std::int64_t exponent) {
    if (exponent < 0) return refusal("a negative exponent gives a fraction");
    std::int64_t result = 1;
    while (exponent > 0) {
        if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result)) return beyond();
        exponent >>= 1;
        if (exponent > 0 && __builtin_mul_overflow(base, base, &base)) return beyond();
    }
    return result;
}

Result<std::int64_t> of_integers(std::string_view operation, std::int64_t left, std::int64_t right) {
    std::int64_t result = 0;
    if (operation == "**") return power(left, right);
    if (operation == "+")
        return __builtin_add_overflow(left, right, &result) ? Result<std::int64_t>(beyond()) : result;
    if (operation == "-")
        return __builtin_sub_overflow(left, right, &result) ? Result<std::int64_t>(beyond()) : result;
    if (operation == "*")
        return __builtin_mul_overflow(left, right, &result) ? Result<std::int64_t>(beyond()) : result;
    if (right == 0) return refusal("a division by zero");
    const bool is_overflow = left == std::numeric_limits<std::int64_t>::min() && right == -1;
    if (operation == "%") return is_overflow ? 0 : divide(left, right).remainder;
    return is_overflow ? Result<std::int64_t>(beyond()) : divide(left, right).quotient;
}

Result<double> of_floats(std::string_view operation, double left, double right) {
    double result = 0;
    if (operation == "+") {
        result = left + right;
    } else if (operation == "-") {
        result = left - right;
    } else if (operation == "*") {
        result = left * right;
    } else if (operation == "/") {
        result = left / right;
    } else {
        return refusal("`" + std::string(operation) + "` of fractions is not read here");
    }
    if (!std::isfinite(result)) return refusal("the result is no finite number");
    return result;
}

double as_double(const Value& value) {
    return value.kind == Value::Kind::integer ? static_cast<double>(value.integer) : value.floating;
}

Result<Value> of_numbers(std::string_view operation, const Value& left, const Value& right) {
    Value value{.offset = left.offset};
    if (left.kind == Value::Kind::integer && right.kind == Value::Kind::integer) {
        const Result<std::int64_t> result = of_integers(operation, left.integer, right.integer);
        if (!result) return result.error();
        value.kind = Value::Kind::integer;
        value.integer = *result;
    } else {
        const Result<double> result = of_floats(operation, as_double(left), as_double(right));
        if (!result) return result.error();
        value.kind = Value::Kind::floating;
        value.floating = *result;
    }
    return value;
}

Result<Value> compare(bool is_equality, const Value& left, const Value& right) {
    if (left.kind == right.kind && !left.is_simple()) {
        return refusal("a comparison of " + describe(left) + " with another is not read here");
    }
    return Value{
        .kind = Value::Kind::boolean, .offset = left.offset, .truth = equals(left, right) == is_equality};
}

}  // namespace

Result<Value> apply(std::string_view operation, Value left, const Value& right) {
    if (operation == "==" || operation == "!=") return compare(operation == "==", left, right);
    if (left.is_number() && right.is_number()) return of_numbers(operation, left, right);
    if (operation == "+" && left.kind == Value::Kind::string && right.kind == Value::Kind::string) {
        left.text += right.text;
        return left;
    }
    return refusal("`" + std::string(operation) + "` of " + describe(left) + " and " + describe(right) +
                   " is not read here");
}

Result<std::int64_t> integer_from(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    std::string digits(text.substr(is_negative ? 1 : 0));
    int base = 10;
    if (digits.size() > 1 && digits[0] == '0') {
        const std::size_t letter = std::string_view("xXbBoOdD").find(digits[1]);
        base = letter == std::string_view::npos ? 8 : std::array{16, 2, 8, 10}[letter / 2];
        digits.erase(0, letter == std::string_view::npos ? 1 : 2);
    }
    std::uint64_t magnitude = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, magnitude, base);
    if (digits.empty() || stop != end)
        return refusal("`" + std::string(text) + "` is no number that is read here");
    const std::uint64_t limit = std::uint64_t{1} << 63U;
    if (error != std::errc() || magnitude > limit || (magnitude == limit && !is_negative)) {
        return refusal("the integer " + std::string(text.substr(0, 40)) + " is beyond 64 bits");
    }
    return static_cast<std::int64_t>(is_negative ? 0 - magnitude : magnitude);
}

Result<double> float_from(std::string_view text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (stop != end) return refusal("`" + std::string(text) + "` is no number that is read here");
    if (error != std::errc())
        return refusal("the number " + std::string(text.substr(0, 40)) + " is out of range");
    return value;
}

}  // namespace hocket::ddl_compiler::ruby
