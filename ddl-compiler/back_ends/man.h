#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// A page `hocket-NAME(7)` of the manual about the description, in man(7) macros and UTF-8. No text of the description
/// is taken for a request of roff.
std::string write_man(const ddl::Description& description);

}  // namespace hocket::ddl_compiler
