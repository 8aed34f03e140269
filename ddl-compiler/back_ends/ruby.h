#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// The description as MCollective's `.ddl`, so that one author serves both worlds. A comment at the top names what
/// MCollective has no word for and is left out.
std::string write_ruby(const ddl::Description& description);

}  // namespace hocket::ddl_compiler
