#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hocket::ddl_compiler {

/// How a name is spelled: `max_size`, or as a type, `MaxSize`.
enum class Spelling { as_written, type };

/// Identifiers of C++ for the names in one scope, in the same order, each of them once. Any text has one.
///
/// A name that is a good identifier stays as it is. Of another one
///
/// 1. everything but letters, digits and `_` becomes `_`; several `_` in a row become one, and none stands in front;
/// 2. capitals alone become small letters, since macros are written so: `NULL` is `null`;
/// 3. an `n` is put before a digit; nothing at all is `empty`;
/// 4. a keyword, a name that the C library may have made a macro (`stdout`, `errno`), and a name in `taken` gets a `_`
///    behind it: `class_`;
/// 5. one that another name of the scope has already gets a number: `size_2`.
std::vector<std::string> cpp_names(const std::vector<std::string>& names, Spelling spelling,
                                   const std::set<std::string>& taken = {});

}  // namespace hocket::ddl_compiler
