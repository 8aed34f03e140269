#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/result.h"
#include "core/ddl/number.h"

namespace hocket::ddl {

/// As people read it: an integer in full, anything else with at most three digits behind the point.
std::string number_text(const Number& number);

/// A text with places for values, in the manner of printf. It is read and judged before it is used, and printf never sees it.
///
///     format     = { text | "%%" | place }
///     place      = "%" { "-" | "+" | " " | "0" } [ width ] [ "." precision ] conversion
///     conversion = "d" | "i" | "x" | "f" | "g" | "s"
///
/// As in C, with these differences: every value fits every place. A text in the place of a number is read as one, or stays a
/// text; a number behind %d and %x is rounded; %s writes number_text(). Width and precision count code points.
/// Thread: any.
class PrintfFormat {
public:
    using Value = std::variant<std::string, std::int64_t, double>;

    /// Errors: usage; the message goes on after the name of what holds the format: "has the place %n, …".
    static Result<PrintfFormat> parse(std::string_view text);

    const std::string& text() const { return text_; }

    /// How many values it takes.
    std::size_t places() const;

    /// With the values in their places; there must be as many as places().
    std::string fill(const std::vector<Value>& values) const;

    bool operator==(const PrintfFormat& other) const { return text_ == other.text_; }

private:
    struct Place {
        bool is_left = false;
        bool has_zeros = false;
        std::string plus_sign;  ///< what stands where a negative number has its minus
        std::size_t width = 0;
        std::optional<int> precision;
        char conversion = 's';
    };
    using Piece = std::variant<std::string, Place>;
    class Parser;

    static std::string digits(const Place& place, const Number& number);
    static std::string signed_digits(const Place& place, const Number& number);
    static std::string fill(const Place& place, const Value& value);

    std::string text_;
    std::vector<Piece> pieces_;
};

}  // namespace hocket::ddl
