#pragma once

#include <cstddef>
#include <string>

#include "core/ddl/source_node.h"
#include "ddl-compiler/ruby/problems.h"
#include "ddl-compiler/ruby/value.h"

namespace hocket::ddl_compiler::ruby {

/// The value as JSON has it: a symbol is a string, nil is null. Throws Refused, after it is reported, for what JSON has
/// not: a regular expression.
ddl::SourceNode to_node(const Value& value, Problems& problems);

using ddl::add_member;
using ddl::empty_node;
using ddl::text_node;

/// Refuses properties that are no hash (`what` names them), and reports each key that is a string: MCollective reads
/// symbols alone there.
const std::vector<ValuePair>& properties_of(const Value& value, const std::string& what, Problems& problems);

/// Null when there is no such property.
const ValuePair* find_property(const std::vector<ValuePair>& properties, std::string_view key);

}  // namespace hocket::ddl_compiler::ruby
