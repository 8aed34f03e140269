#pragma once

#include <cstdint>
#include <variant>

namespace hocket::ddl {

/// A value of the type `number`: an integer stays exact, all else is a double.
using Number = std::variant<std::int64_t, double>;

inline double to_double(const Number& number) {
    return std::visit([](auto value) { return static_cast<double>(value); }, number);
}

/// Holds every int64 beside every double.
inline long double widened(const Number& number) {
    return std::visit([](auto value) { return static_cast<long double>(value); }, number);
}

}  // namespace hocket::ddl
