#pragma once

#include <array>
#include <cstdint>
#include <filesystem>

namespace hocket {

/// What changes when a file is replaced or written: device, inode, size, modified, changed. Zeros: it is not there.
using FileStamp = std::array<std::uint64_t, 5>;

/// Follows links. One call of stat(2).
FileStamp stamp_of(const std::filesystem::path& file);

}  // namespace hocket
