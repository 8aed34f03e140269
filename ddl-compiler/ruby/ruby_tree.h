#pragma once

#include <optional>

#include "core/ddl/diagnostic.h"
#include "core/ddl/source_node.h"

namespace hocket::ddl_compiler::ruby {

/// Reads the text of the report's source: a description in MCollective's Ruby (`.ddl`), without running any of it. The
/// tree has the shape of our JSON form (ddl_tree.h). Nothing when a part of it had to be left out; the report has errors
/// then. The stages, each a file: lexer, parser, expansion, ddl_tree.
std::optional<ddl::SourceNode> read_ruby_tree(ddl::Report& report);

}  // namespace hocket::ddl_compiler::ruby
