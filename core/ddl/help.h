#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl {

/// What a person reads about an agent: who made it, how it runs, and its actions. Plain text that ends with a
/// newline; a DDL may come from a node, so its text is escaped for the terminal.
std::string describe(const Agent& agent);

/// The same about one of its actions: inputs with types, limits and defaults, outputs, timeout, safety.
std::string describe(const Agent& agent, const Action& action);

}  // namespace hocket::ddl
