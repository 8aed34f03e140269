#pragma once

#include <cstddef>
#include <string>

#include "ddl-compiler/ruby/expansion.h"
#include "ddl-compiler/ruby/problems.h"

namespace hocket::ddl_compiler::ruby {

/// Refuses a call with more or fewer values: one, or two, of which the second are properties. `form` shows the right form.
void check_count(const Call& call, std::size_t count, const std::string& form, Problems& problems);

/// The first value, a string or a symbol; else the call is refused. `what` is named: "an action".
const Value& name_of(const Call& call, const std::string& what, Problems& problems);

void report_twice(const Call& call, const Call& first, const std::string& consequence, Problems& problems);

}  // namespace hocket::ddl_compiler::ruby
