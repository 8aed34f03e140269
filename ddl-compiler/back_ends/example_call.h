#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// A call of the action as a person types it into a shell, with a plausible value for each required input: its default, or
/// one that its rules accept, or else its name in capitals. The value of a sensitive one comes from a file.
std::string example_call(const ddl::Agent& agent, const ddl::Action& action);

}  // namespace hocket::ddl_compiler
