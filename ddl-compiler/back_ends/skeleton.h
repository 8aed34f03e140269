#pragma once

#include <string>

#include "core/base/result.h"
#include "core/ddl/model.h"
#include "ddl-compiler/back_end.h"

namespace hocket::ddl_compiler {

/// The beginning of a program: an agent of contract `json` (spec/agent.md) that answers every action with valid outputs,
/// one function for each, and needs nothing but the language itself; in bash hocket-json too. It is made executable (in go:
/// built) by whoever writes it to a file. Ends with a newline.
///
/// An output is its default, or "", 0, 0.0, false, [] or {}. Texts of the description stand in comments and strings and
/// cannot leave them; a name that the language has taken is changed, or read from where the inputs are.
///
/// Errors: unsupported, for the contracts `script` and `worker`, which programs of another form serve.
Result<std::string> write_skeleton(const ddl::Agent& agent, Language language);

}  // namespace hocket::ddl_compiler
