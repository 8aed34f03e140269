#pragma once

#include <string>

namespace hocket::process {

/// The first line of a script with its "#!", as it is, at most the 255 bytes that the kernel looks at; empty if there is no such
/// line.
std::string read_shebang(const std::string& path);

}  // namespace hocket::process
