#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "ddl-compiler/ruby/value.h"

namespace hocket::ddl_compiler::ruby {

/// `+ - * / % **` of numbers, as in Ruby: what is divided is rounded down, and the remainder has the divisor's sign;
/// `+` of strings; `==` and `!=`. The result stands where the left value does.
///
/// Errors: usage, for values that the operator has no meaning for, beyond 64 bits, and for a division by zero.
Result<Value> apply(std::string_view operation, Value left, const Value& right);

/// An integer as Ruby writes it, without underscores: 10, -10, 0x1F, 0b11, 0o17, 017.
/// Errors: usage, beyond 64 bits or no integer at all.
Result<std::int64_t> integer_from(std::string_view text);

/// Errors: usage, when it is none or beyond what a double holds.
Result<double> float_from(std::string_view text);

}  // namespace hocket::ddl_compiler::ruby
