#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// A comment that names everything of the description that MCollective has no word for, and where it stood. Empty when
/// nothing is lost, else with an empty line behind it.
std::string comment_on_losses(const ddl::Description& description);

/// MCollective gives the default of an optional input to nobody.
bool loses_default(const ddl::Input& input);

/// A summary by what is no name of a function in Ruby, or over nothing.
bool loses(const ddl::Aggregate& aggregate);

}  // namespace hocket::ddl_compiler
