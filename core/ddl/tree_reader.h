#pragma once

#include <optional>

#include "core/ddl/diagnostic.h"
#include "core/ddl/source_node.h"

namespace hocket::ddl {

/// Reads the text of the report's source, strictly (core/base/json.h). Nothing when it cannot be read at all;
/// the report has errors then.
std::optional<SourceNode> read_json_tree(Report& report, const TreeLimits& limits = {});

/// Reads one YAML 1.2 document. Quoted scalars are strings, others resolve by the core schema: null, true,
/// false, numbers; everything else is a string, `yes` and `no` too. Aliases are copies and count as such;
/// tags other than !!str and keys that are not plain text are refused.
std::optional<SourceNode> read_yaml_tree(Report& report, const TreeLimits& limits = {});

}  // namespace hocket::ddl
