#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/fields.h"
#include "core/ddl/limits.h"
#include "core/ddl/model.h"
#include "core/ddl/validators.h"

namespace hocket::ddl {

enum class Format { json, yaml };

/// By the end of the file's name: .json, .yaml, .yml.
std::optional<Format> format_of(const std::filesystem::path& path);

/// What the reader knows besides the text.
struct ReadOptions {
    TreeLimits limits = {};
    /// Validators of this machine, which a description may name; null: none.
    std::shared_ptr<const Validators> validators = nullptr;
    std::shared_ptr<RegexCache> regexes = nullptr;  ///< of what is read together; null: one of its own
    Kind kind = Kind::agent;                        ///< of a description that says nothing about it
    bool is_partial = false;  ///< parts of the tree are missing, which the report says; see ReadContext
    std::string name = {};    ///< instead of one in a dialect whose metadata hold a title; see Dialect
};

// A description is read in two steps, so that other languages than ours need only the first one (ddl-compiler).

/// Whether the text can be read at all: bounded, UTF-8, without NUL and byte order mark; else the report says why not.
bool is_readable_text(Report& report, const TreeLimits& limits);

/// The text of the report's source as a tree. Nothing when there is none; the report has errors then.
std::optional<SourceNode> read_tree(Format format, Report& report, const TreeLimits& limits);

Dialect dialect_of(const SourceNode& root, Format format);

/// What the tree describes; incomplete when the report has errors then.
Description read_description(const SourceNode& root, Dialect dialect, const ReadOptions& options,
                             Report& report);

/// An agent as a node and a client use it.
struct Loaded {
    Agent agent;
    std::vector<Diagnostic> warnings;
};

/// Reads one DDL (spec/ddl.md): Choria's agent JSON with our optional keys, or the same in YAML.
///
/// A JSON DDL without a `run` block is Choria's: unknown keys and what Choria never checks are warnings
/// there. In any other they are errors.
///
/// Errors: invalid_ddl; the message holds every problem, warnings too, as to_string(Diagnostic) writes them. A description
///         of another kind than an agent is one.
Result<Loaded> read_text(std::string_view text, Format format, const std::string& source_name,
                         const std::shared_ptr<const Validators>& validators = nullptr);

/// Errors: those of read_text; io; invalid_ddl for a file name that ends otherwise.
Result<Loaded> read_file(const std::filesystem::path& path,
                         const std::shared_ptr<const Validators>& validators = nullptr);

/// A data plugin as a node uses it.
struct LoadedData {
    DataPlugin data;
    std::vector<Diagnostic> warnings;
};

/// The same for the DDL of a data plugin.
Result<LoadedData> read_data_text(std::string_view text, Format format, const std::string& source_name,
                                  const std::shared_ptr<const Validators>& validators = nullptr);
Result<LoadedData> read_data_file(const std::filesystem::path& path,
                                  const std::shared_ptr<const Validators>& validators = nullptr);

}  // namespace hocket::ddl
