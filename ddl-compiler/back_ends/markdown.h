#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// A page about the description for its users, in Markdown with tables (GitHub's, CommonMark else). No text of the
/// description is taken for Markdown or HTML.
std::string write_markdown(const ddl::Description& description);

}  // namespace hocket::ddl_compiler
