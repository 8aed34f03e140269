#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

/// Reads what stands behind `name=` on a command line as a value of the input's type. Only its form is judged
/// here; check_inputs judges the value.
///
///     string          the text as it is, the empty one too
///     integer         [sign] digits, within int64
///     float, number   decimal, with a fraction and an exponent if wanted; a number without both is an integer
///     boolean         true t yes y 1 / false f no n 0, in any case
///     list            the value of the list with that text form
///     array, hash     JSON
///
/// Errors: invalid_input with one violation, naming the input and its type; `***` when sensitive.
Result<Json> parse_input(const Input& input, std::string_view text);

}  // namespace hocket::ddl
