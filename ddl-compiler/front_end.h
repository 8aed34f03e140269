#pragma once

#include <filesystem>

#include "core/ddl/reader.h"

namespace hocket::ddl_compiler {

/// Reads one agent description in any of the languages that we know; today JSON and YAML.
///
/// Errors: invalid_ddl with every problem; io.
Result<ddl::Loaded> read_description(const std::filesystem::path& path);

}  // namespace hocket::ddl_compiler
