#pragma once

#include <filesystem>
#include <vector>

#include "core/base/result.h"

namespace hocket::ddl_compiler {

/// Every description below a folder, sorted: all .ddl, and those .json, .yaml and .yml that have the word `metadata` in
/// them, since other things have such names too. Hidden folders are not entered, nor links to folders.
/// Errors: io.
Result<std::vector<std::filesystem::path>> find_sources(const std::filesystem::path& folder);

}  // namespace hocket::ddl_compiler
