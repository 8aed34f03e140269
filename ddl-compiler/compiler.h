#pragma once

#include <filesystem>
#include <iosfwd>
#include <vector>

#include "ddl-compiler/back_end.h"

namespace hocket::ddl_compiler {

/// How the program ends; part of its interface.
enum class ExitCode { clean = 0, errors = 1, usage = 2 };

/// Where the program writes: what was asked for, and what is wrong with it.
struct Streams {
    std::ostream& output;
    std::ostream& diagnostics;
};

/// Reads every file and prints what is wrong with it; goes on after an error. Warnings alone are clean.
ExitCode check(const std::vector<std::filesystem::path>& files, Streams streams);

/// Writes what the target makes of the file; nothing when the file has errors.
ExitCode compile(const std::filesystem::path& file, Target target, Streams streams);

}  // namespace hocket::ddl_compiler
