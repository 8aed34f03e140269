#pragma once

#include <string>

#include "core/ddl/source_node.h"
#include "ddl-compiler/ruby/problems.h"
#include "ddl-compiler/ruby/value.h"

namespace hocket::ddl_compiler::ruby {

/// The properties of an input as our JSON has them. What only Ruby's form can say is decided here: whether `:validation`
/// is a validator or a pattern, and what MCollective would make of it. `owner` names the input: "input 'x' of action 'y'".
///
/// Throws Refused when there are no properties at all. Any other problem leaves its property out.
ddl::SourceNode input_node(const Value& properties, const std::string& owner, Problems& problems);

}  // namespace hocket::ddl_compiler::ruby
