#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ddl/validators.h"

namespace hocket::ddl_compiler {

/// What a declared validator asks for, as far as patterns in the language of portable_pattern() can say it: a text that it
/// accepts is one in which each of them is found, and the reverse if nothing was left out.
struct PortableRule {
    std::vector<std::string> patterns;
    std::vector<std::string> left_out;  ///< for people: what has no such form
};

/// Lengths are not among the patterns, except for those of items.
PortableRule portable_rule(const ddl::DeclaredValidator& validator);

}  // namespace hocket::ddl_compiler
