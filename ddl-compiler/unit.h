#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/regex.h"
#include "core/base/result.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/limits.h"
#include "core/ddl/model.h"
#include "core/ddl/validators.h"

namespace hocket::ddl_compiler {

/// What holds for every file of one run.
struct Settings {
    std::shared_ptr<const ddl::Validators> validators;
    std::shared_ptr<RegexCache> regexes = std::make_shared<RegexCache>();
    bool strict = false;  ///< warnings are errors
};

/// One file that went through all stages but the back ends.
struct Unit {
    std::filesystem::path file;
    std::optional<ddl::Description> description;  ///< none when it has errors
    std::vector<ddl::Diagnostic> diagnostics;
};

/// Files beyond this are refused. A node has limits that are less.
inline constexpr ddl::TreeLimits k_source_limits = {.max_bytes = 16U << 20U, .max_values = 1'500'000};

/// Reads, checks and takes away what is silenced. A file that cannot be opened, or is no description by its name, is a
/// diagnostic without a place.
Unit read_unit(const std::filesystem::path& file, const Settings& settings);

}  // namespace hocket::ddl_compiler
