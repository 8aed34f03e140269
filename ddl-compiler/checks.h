#pragma once

#include <filesystem>

#include "core/ddl/diagnostic.h"
#include "core/ddl/fields.h"
#include "core/ddl/model.h"
#include "core/ddl/source_node.h"
#include "core/ddl/validators.h"

namespace hocket::ddl_compiler {

/// Warns of what is a description and works, and is probably not what its author wants: patterns that a part of the text
/// satisfies, values and aggregates that stand twice, validators that no input needs, timeouts of hours.
///
/// `tree` is what the description was read from, without errors; `validators` are those of this machine (null: none).
void check_intent(const ddl::SourceNode& tree, const ddl::Description& description,
                  const ddl::Validators* validators, ddl::Dialect dialect, ddl::Report& report);

/// Warns of an agent whose name is not that of its file, since a node wants both alike.
void check_name(const ddl::SourceNode& tree, const ddl::Description& description,
                const std::filesystem::path& file, ddl::Report& report);

/// Warns of a source that is over the limits of a node, which are less than ours.
void check_size(const ddl::SourceNode& tree, ddl::Report& report);

}  // namespace hocket::ddl_compiler
