#pragma once

#include <filesystem>

#include "core/base/file.h"

namespace hocket {

/// Makes the folder of what outlives a hocketd (state_dir) if need be, and takes it for this one, for as long as the descriptor
/// is open: two with one journal would both run each request.
/// Errors: io; invalid_config, naming the process that has it.
Result<FileDescriptor> take_state_folder(const std::filesystem::path& folder);

}  // namespace hocket
