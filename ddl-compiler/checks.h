#pragma once

#include "core/ddl/diagnostic.h"
#include "core/ddl/source_node.h"

namespace hocket::ddl_compiler {

/// Warns of what is a description and works, and is probably not what its author wants: patterns that a part of the text
/// satisfies, values and aggregates that stand twice, aggregates that nobody computes, timeouts of hours. The readers of
/// core/ddl have found no error in it.
void check_intent(const ddl::SourceNode& description, ddl::Report& report);

}  // namespace hocket::ddl_compiler
