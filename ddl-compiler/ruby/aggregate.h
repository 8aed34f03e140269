#pragma once

#include "core/ddl/source_node.h"
#include "ddl-compiler/ruby/expansion.h"
#include "ddl-compiler/ruby/problems.h"

namespace hocket::ddl_compiler::ruby {

/// An `aggregate` as our JSON has it: `{"function", "args": [OUTPUT, {OPTIONS}]}`. The old form with `:format` behind the
/// function becomes an option of the function.
ddl::SourceNode aggregate_node(const Call& call, Problems& problems);

}  // namespace hocket::ddl_compiler::ruby
