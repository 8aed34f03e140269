#pragma once

#include <string>

#include "core/ddl/validation.h"

namespace hocket::ddl_compiler {

/// What MCollective's `:validation` is for the same rule: a symbol for a validator that it has, else a regular expression;
/// `//` for none, which accepts the empty text too.
std::string ruby_validation(const ddl::Validation& validation);

}  // namespace hocket::ddl_compiler
