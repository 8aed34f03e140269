#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hocket::process {

/// The first line of a script with its "#!", as it is, at most the 255 bytes that the kernel looks at; empty if there is no such
/// line.
std::string read_shebang(const std::string& path);

/// The interpreter that a first line names, and all that follows as one argument if there is any, as the kernel reads them: blanks
/// and tabs stand between. Empty if the line names none.
std::vector<std::string> interpreter_of(std::string_view shebang);

/// Whether the file begins with the byte order mark of UTF-8, before which the kernel sees no "#!".
bool begins_with_bom(const std::string& path);

}  // namespace hocket::process
