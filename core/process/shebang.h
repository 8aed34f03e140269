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

/// The program that `env` looks for when it is the interpreter; else empty, as when its options say what is not understood here.
std::string program_for_env(const std::vector<std::string>& interpreter);

/// Where a program is found in folders that are separated by colons; empty if it is nowhere.
std::string find_in(const std::string& search_path, const std::string& program);

/// Whether the file begins as a program in machine code does.
bool begins_as_elf(const std::string& path);

/// Whether the file begins with the byte order mark of UTF-8, before which the kernel sees no "#!".
bool begins_with_bom(const std::string& path);

}  // namespace hocket::process
