#pragma once

#include <vector>

#include "core/ddl/source_node.h"
#include "ddl-compiler/ruby/expansion.h"
#include "ddl-compiler/ruby/problems.h"

namespace hocket::ddl_compiler::ruby {

/// Makes of the calls what our JSON form would have been read into (spec/ddl.md), so that the readers of core/ddl check
/// it. Offsets are of the Ruby source: a value's own, a member's its key's; of an action the word `action`.
///
///     agent:     {"metadata", "actions": [{"action", "description", "display", "input", "output", "aggregate"}]}
///     data:      {"kind": "data", "metadata", "query", "output"}
///     discovery: {"kind": "discovery", "metadata", "capabilities"}
///     others:    {"metadata"}: the file does not say what it describes
///
/// What MCollective takes by other rules than ours is decided here: what is declared twice, `display :flatten`, the old
/// form of `aggregate`, and the properties of inputs (input_properties.h).
ddl::SourceNode ddl_tree(const std::vector<Call>& calls, Problems& problems);

}  // namespace hocket::ddl_compiler::ruby
