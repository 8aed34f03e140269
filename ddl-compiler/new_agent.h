#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "ddl-compiler/back_end.h"

namespace hocket::ddl_compiler {

/// Makes WHERE/NAME, the folder of a new agent that works as it is: NAME.yaml, a description to be changed; NAME, the
/// executable that write_skeleton() makes of it (in go main.go, from which NAME is built); README.md, how to go on.
/// Their modes are those that a node wants, whatever the umask. Nothing that is there is touched, and after an error
/// nothing new is there.
///
/// Out:    the files, in the order of their names.
/// Errors: usage, for a name that no agent can have; io, when the folder is there already or cannot be made.
Result<std::vector<std::filesystem::path>> make_agent_folder(const std::string& name, Language language,
                                                             const std::filesystem::path& where);

}  // namespace hocket::ddl_compiler
