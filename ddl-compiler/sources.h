#pragma once

#include <filesystem>
#include <vector>

#include "core/ddl/diagnostic.h"

namespace hocket::ddl_compiler {

/// The files of a run, and what was wrong when they were looked for.
struct Sources {
    std::vector<std::filesystem::path> files;
    std::vector<ddl::Diagnostic> problems;
};

/// The files, and every description below the folders, sorted; each once.
///
/// Below a folder these are all .ddl, and of .json, .yaml and .yml, which other things have too, those that are called like
/// their folder, that have `actions`, that have `metadata` and a `kind` of ours, or that lie in a folder `tasks`. Hidden folders are not entered, nor links to
/// folders; one that cannot be read is a problem.
Sources find_sources(const std::vector<std::filesystem::path>& files,
                     const std::vector<std::filesystem::path>& folders);

}  // namespace hocket::ddl_compiler
