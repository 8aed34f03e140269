#pragma once

#include "core/base/json.h"
#include "tests/ddl-compiler/pattern_cases.h"

namespace hocket::ddl_compiler {

/// One agent made by chance, its schema, and values with our verdict:
///
///     {"schema": …, "inputs": [[VALUE, ACCEPTED], …], "outputs": [[VALUE, ACCEPTED], …]}
///
/// of its one action, `act`. What only coercion accepts, or schemas cannot tell apart (schema.h), is not among the values.
Json any_ddl_case(Chance& chance);

}  // namespace hocket::ddl_compiler
