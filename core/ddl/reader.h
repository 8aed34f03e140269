#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

enum class Format { json, yaml };

struct Loaded {
    Agent agent;
    std::vector<Diagnostic> warnings;
};

/// By the end of the file's name: .json, .yaml, .yml.
std::optional<Format> format_of(const std::filesystem::path& path);

/// Reads one DDL (spec/ddl.md): Choria's agent JSON with our optional keys, or the same in YAML.
///
/// A JSON DDL without a `run` block is Choria's: unknown keys and what Choria never checks are warnings
/// there. In any other they are errors.
///
/// Errors: invalid_ddl; the message holds every problem, warnings too, as to_string(Diagnostic) writes them.
Result<Loaded> read_text(std::string_view text, Format format, const std::string& source_name);

/// Errors: those of read_text; io; invalid_ddl for a file name that ends otherwise.
Result<Loaded> read_file(const std::filesystem::path& path);

}  // namespace hocket::ddl
