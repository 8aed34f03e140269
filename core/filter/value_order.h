#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/json.h"

namespace hocket::filter {

/// A number that a fact or a filter's value holds:
///
///     decimal = ["-"] ("0" | digit-1-9 {digit}) ["." digit {digit}]
///
/// JSON's number without an exponent, so that `1e5` (a commit) and `007` (a serial number) stay texts.
/// Whole numbers within int64 are exact.
class Decimal {
public:
    static std::optional<Decimal> from_text(std::string_view text);
    /// Of a JSON number, or of a string that is a decimal.
    static std::optional<Decimal> from_json(const Json& value);

    friend std::partial_ordering operator<=>(const Decimal& left, const Decimal& right);

private:
    explicit Decimal(std::int64_t whole) : whole_(whole), approximate_(static_cast<double>(whole)) {}
    explicit Decimal(double value) : approximate_(value) {}

    std::optional<std::int64_t> whole_;
    double approximate_ = 0;
};

/// The order of texts that are not both numbers: runs of digits compare as whole numbers, all else byte by
/// byte; so `5.9` < `5.10.0` < `5.10.0-8`. Two texts of which only one starts as a number ("n/a" and "8")
/// have no order.
std::partial_ordering order_of_texts(std::string_view left, std::string_view right);

}  // namespace hocket::filter
