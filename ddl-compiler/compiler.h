#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <vector>

#include "ddl-compiler/back_end.h"
#include "ddl-compiler/diagnostics_output.h"
#include "ddl-compiler/sources.h"
#include "ddl-compiler/unit.h"

namespace hocket::ddl_compiler {

/// How the program ends; part of its interface.
enum class ExitCode { clean = 0, errors = 1, usage = 2 };

/// Where the program writes: what was asked for, and what is wrong with it.
struct Streams {
    std::ostream& output;
    std::ostream& diagnostics;
};

/// Reads every file and says what is wrong with each; goes on after an error. Warnings alone are clean. Text goes to the
/// diagnostics, with a line that counts if there are several files; the other formats are what was asked for and go to the
/// output.
ExitCode check(const Sources& sources, const Settings& settings, DiagnosticsFormat format, Streams streams);

/// What is to be made of which files.
struct Job {
    Sources sources;
    std::vector<Target> targets;
    Language language = Language::bash;           ///< of skeletons
    std::optional<std::filesystem::path> folder;  ///< none: the output, for one file and one target
};

/// Writes FOLDER/STEM + suffix_of(target) for each file and target; goes on after an error. Nothing is made of a file with
/// errors, no source and no skeleton is overwritten, and no two files are written to the same place.
ExitCode compile(const Job& job, const Settings& settings, DiagnosticsFormat format, Streams streams);

}  // namespace hocket::ddl_compiler
