#pragma once

#include <string>

#include "core/ddl/model.h"

namespace hocket::ddl_compiler {

/// The description in our YAML form, for people: keys in the reading order of spec/ddl.md, what is absent or the default
/// left out. Reading it again gives an equal agent and the same canonical bytes.
///
/// One thing of Choria's JSON has no YAML form, since YAML is always read strictly: an aggregate over something that is
/// no output. It is left out, and a comment at the top says so.
std::string write_yaml(const ddl::Description& description);

}  // namespace hocket::ddl_compiler
