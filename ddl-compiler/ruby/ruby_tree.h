#pragma once

#include "core/ddl/diagnostic.h"
#include "core/ddl/source_node.h"

namespace hocket::ddl_compiler::ruby {

struct RubyTree {
    ddl::SourceNode root;
    bool is_complete;  ///< false: parts had to be left out, and the report has errors about them
};

/// Reads the text of the report's source: a description in MCollective's Ruby (`.ddl`), without running any of it. The
/// tree has the shape of our JSON form (ddl_tree.h). The stages, each a file: lexer, parser, expansion, ddl_tree.
RubyTree read_ruby_tree(ddl::Report& report);

}  // namespace hocket::ddl_compiler::ruby
