#include "core/filter/value_order.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "core/base/ascii.h"

namespace hocket::filter {

namespace {

std::size_t digits_at_start(std::string_view text) {
    const auto* end = std::find_if_not(text.begin(), text.end(), is_digit);
    return static_cast<std::size_t>(end - text.begin());
}

bool is_decimal(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::size_t whole = digits_at_start(text);
    if (whole == 0 || (whole > 1 && text.front() == '0')) return false;
    text.remove_prefix(whole);
    if (text.empty()) return true;
    if (!text.starts_with('.')) return false;
    text.remove_prefix(1);
    return !text.empty() && digits_at_start(text) == text.size();
}

template <class Number>
std::optional<Number> read_number(std::string_view text) {
    Number number{};
    const char* end = text.data() + text.size();
    const std::from_chars_result result = std::from_chars(text.data(), end, number);
    if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
    return number;
}

/// Removes the digits that `text` starts with and returns them without leading zeros.
std::string_view take_digits(std::string_view& text) {
    std::string_view digits = text.substr(0, digits_at_start(text));
    text.remove_prefix(digits.size());
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
    return digits;
}

std::strong_ordering order_of_digits(std::string_view left, std::string_view right) {
    if (left.size() != right.size()) return left.size() <=> right.size();
    return left <=> right;
}

std::strong_ordering take_and_compare(std::string_view& left, std::string_view& right) {
    if (is_digit(left.front()) && is_digit(right.front())) {
        const std::string_view left_digits = take_digits(left);
        return order_of_digits(left_digits, take_digits(right));
    }
    const auto order = static_cast<unsigned char>(left.front()) <=> static_cast<unsigned char>(right.front());
    left.remove_prefix(1);
    right.remove_prefix(1);
    return order;
}

bool starts_as_number(std::string_view text) {
    return digits_at_start(text) > 0 || is_decimal(text);
}

}  // namespace

std::optional<Decimal> Decimal::from_text(std::string_view text) {
    if (!is_decimal(text)) return std::nullopt;
    if (const auto whole = read_number<std::int64_t>(text)) return Decimal(*whole);
    if (const auto approximate = read_number<double>(text)) return Decimal(*approximate);
    return std::nullopt;
}

std::optional<Decimal> Decimal::from_json(const Json& value) {
    if (value.is_string()) return from_text(value.get_ref<const std::string&>());
    if (!value.is_number()) return std::nullopt;
    const bool exact =
        value.is_number_integer() && (!value.is_number_unsigned() || value.get<std::uint64_t>() <= INT64_MAX);
    return exact ? Decimal(value.get<std::int64_t>()) : Decimal(value.get<double>());
}

std::partial_ordering operator<=>(const Decimal& left, const Decimal& right) {
    if (left.whole_ && right.whole_) return *left.whole_ <=> *right.whole_;
    return left.approximate_ <=> right.approximate_;
}

std::partial_ordering order_of_texts(std::string_view left, std::string_view right) {
    if (starts_as_number(left) != starts_as_number(right)) return std::partial_ordering::unordered;
    while (!left.empty() && !right.empty()) {
        const std::strong_ordering order = take_and_compare(left, right);
        if (order != std::strong_ordering::equal) return order;
    }
    return left.size() <=> right.size();
}

}  // namespace hocket::filter
