#include "core/ddl/printf_format.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/ddl/number_text.h"

namespace hocket::ddl {

namespace {

/// Of a width or a precision: a DDL must not make a client write megabytes.
constexpr std::size_t k_most = 200;
constexpr int k_usual_precision = 6;  // C's
constexpr int k_shown_decimals = 3;
constexpr double k_beyond_uint64 = 18446744073709551616.0;

/// Not snprintf: its decimal point is the locale's. long double, to hold every int64 as well.
std::string decimal(long double value, std::chars_format format, int precision) {
    std::array<char, 1024> buffer{};  // 309 digits, a point and a precision fit
    const auto written =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision);
    return {buffer.data(), written.ptr};
}

std::string without_trailing_zeros(std::string text) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
}

bool is_negative(const Number& number) {
    return std::visit([](auto value) { return value < 0; }, number);
}

/// The number without its sign, rounded; what is too large for an integer is in decimal whatever the base.
std::string whole_digits(const Number& number, int base) {
    std::uint64_t magnitude = 0;
    if (const auto* const integer = std::get_if<std::int64_t>(&number)) {
        const auto bits = static_cast<std::uint64_t>(*integer);
        magnitude = *integer < 0 ? 0 - bits : bits;
    } else {
        const double rounded = std::round(std::fabs(std::get<double>(number)));
        if (rounded >= k_beyond_uint64) return decimal(rounded, std::chars_format::fixed, 0);
        magnitude = static_cast<std::uint64_t>(rounded);
    }
    std::array<char, 20> buffer{};
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude, base);
    return {buffer.data(), written.ptr};
}

std::string filled_up(std::string text, std::size_t length, char with) {
    const std::size_t has = count_code_points(text);
    return has < length ? std::string(length - has, with) + text : text;
}

/// No more than so many code points.
std::string cut(std::string_view text, std::optional<int> length) {
    if (!length) return std::string(text);
    std::size_t end = 0;
    int points = 0;
    for (; end < text.size(); ++end) {
        const bool begins = (static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U;
        if (begins && points++ == *length) break;
    }
    return std::string(text.substr(0, end));
}

std::optional<Number> number_of(const PrintfFormat::Value& value) {
    if (const auto* const integer = std::get_if<std::int64_t>(&value)) return *integer;
    if (const auto* const floating = std::get_if<double>(&value)) return *floating;
    const NumberText read = read_number(std::get<std::string>(value));
    switch (read.kind) {
        case NumberText::Kind::integer: return read.integer;
        case NumberText::Kind::beyond_int64:
        case NumberText::Kind::floating: return read.floating;
        case NumberText::Kind::not_a_number:
        case NumberText::Kind::out_of_range: return std::nullopt;
    }
    return std::nullopt;
}

std::string text_of(const PrintfFormat::Value& value) {
    if (const auto* const text = std::get_if<std::string>(&value)) return *text;
    return number_text(*number_of(value));
}

}  // namespace

std::string number_text(const Number& number) {
    if (const auto* const integer = std::get_if<std::int64_t>(&number)) return std::to_string(*integer);
    const double value = std::get<double>(number);
    const double magnitude = std::fabs(value);
    if (magnitude != 0 && (magnitude < 0.001 || magnitude >= 1e15)) {
        return decimal(value, std::chars_format::general, k_usual_precision);
    }
    return without_trailing_zeros(decimal(value, std::chars_format::fixed, k_shown_decimals));
}

/// Reads one place after the other.
class PrintfFormat::Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<PrintfFormat> parse() {
        format_.text_ = text_;
        std::string literal;
        while (at_ < text_.size()) {
            if (text_[at_] != '%' || text_.substr(at_).starts_with("%%")) {
                literal += text_[at_];
                at_ += text_[at_] == '%' ? 2U : 1U;
                continue;
            }
            if (!literal.empty()) format_.pieces_.emplace_back(std::exchange(literal, {}));
            if (Result<void> place = read_place(); !place) return place.error();
        }
        if (!literal.empty()) format_.pieces_.emplace_back(std::move(literal));
        return std::move(format_);
    }

private:
    Result<void> read_place() {
        const std::size_t begin = at_++;
        Place place;
        read_flags(place);
        place.width = read_count();
        if (at_ < text_.size() && text_[at_] == '.') {
            ++at_;
            place.precision = static_cast<int>(read_count());
        }
        const std::string written =
            "has the place '" + escape_text(text_.substr(begin, at_ + 1 - begin)) + "', ";
        if (at_ == text_.size() || std::string_view("dixfgs").find(text_[at_]) == std::string_view::npos) {
            return wrong(written + "but only %d, %i, %x, %f, %g and %s are known, and %% for a percent sign");
        }
        if (place.width > k_most || place.precision.value_or(0) > static_cast<int>(k_most)) {
            return wrong(written + "which asks for more than " + std::to_string(k_most) + " characters");
        }
        place.conversion = text_[at_++];
        format_.pieces_.emplace_back(std::move(place));
        return {};
    }

    void read_flags(Place& place) {
        for (; at_ < text_.size(); ++at_) {
            const char flag = text_[at_];
            if (flag == '-') {
                place.is_left = true;
            } else if (flag == '0') {
                place.has_zeros = true;
            } else if (flag == '+') {
                place.plus_sign = "+";
            } else if (flag == ' ') {
                if (place.plus_sign.empty()) place.plus_sign = " ";
            } else {
                return;
            }
        }
    }

    std::size_t read_count() {
        std::size_t count = 0;
        for (; at_ < text_.size() && is_digit(text_[at_]); ++at_) {
            count = std::min(count * 10 + static_cast<std::size_t>(text_[at_] - '0'), k_most + 1);
        }
        return count;
    }

    static Error wrong(std::string message) { return {ErrorCode::usage, std::move(message), {}}; }

    std::string_view text_;
    std::size_t at_ = 0;
    PrintfFormat format_;
};

Result<PrintfFormat> PrintfFormat::parse(std::string_view text) {
    return Parser(text).parse();
}

std::size_t PrintfFormat::places() const {
    return static_cast<std::size_t>(std::count_if(pieces_.begin(), pieces_.end(), [](const Piece& piece) {
        return std::holds_alternative<Place>(piece);
    }));
}

std::string PrintfFormat::fill(const std::vector<Value>& values) const {
    assert(values.size() == places());
    std::string filled;
    std::size_t next = 0;
    for (const Piece& piece : pieces_) {
        if (const auto* const literal = std::get_if<std::string>(&piece)) {
            filled += *literal;
        } else {
            filled += fill(std::get<Place>(piece), values[next++]);
        }
    }
    return filled;
}

std::string PrintfFormat::digits(const Place& place, const Number& number) {
    const long double magnitude = std::fabs(widened(number));
    const int precision = place.precision.value_or(k_usual_precision);
    if (place.conversion == 'f') return decimal(magnitude, std::chars_format::fixed, precision);
    if (place.conversion == 'g') return decimal(magnitude, std::chars_format::general, precision);
    return filled_up(whole_digits(number, place.conversion == 'x' ? 16 : 10),
                     static_cast<std::size_t>(place.precision.value_or(0)), '0');
}

std::string PrintfFormat::signed_digits(const Place& place, const Number& number) {
    const std::string sign = is_negative(number) ? "-" : place.plus_sign;
    const bool has_zeros = place.has_zeros && !place.is_left && place.width > sign.size();
    return sign + filled_up(digits(place, number), has_zeros ? place.width - sign.size() : 0, '0');
}

std::string PrintfFormat::fill(const Place& place, const Value& value) {
    const std::optional<Number> number = place.conversion == 's' ? std::nullopt : number_of(value);
    std::string text = number                    ? signed_digits(place, *number)
                       : place.conversion == 's' ? cut(text_of(value), place.precision)
                                                 : text_of(value);
    if (!place.is_left) return filled_up(std::move(text), place.width, ' ');
    const std::size_t has = count_code_points(text);
    return text + std::string(has < place.width ? place.width - has : 0, ' ');
}

}  // namespace hocket::ddl
