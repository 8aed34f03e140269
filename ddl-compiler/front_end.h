#pragma once

#include <filesystem>
#include <optional>

#include "core/ddl/reader.h"

namespace hocket::ddl_compiler {

/// The languages that descriptions are written in.
enum class SourceLanguage { json, yaml, ruby };

/// By the end of the file's name: .json, .yaml, .yml, .ddl.
std::optional<SourceLanguage> source_language_of(const std::filesystem::path& path);

/// What a file's place says about its content, as MCollective has it: `data/fact_data.ddl` is the data plugin `fact`.
ddl::ReadOptions options_of(const std::filesystem::path& path);

/// A description as its front end leaves it: the same tree from every language.
struct SourceTree {
    ddl::SourceNode root;
    ddl::Dialect dialect;
    bool is_partial = false;  ///< statements are left out, and the report has errors about them
};

/// Nothing when the text cannot be read at all; the report has errors then.
std::optional<SourceTree> read_source(SourceLanguage language, ddl::Report& report,
                                      const ddl::TreeLimits& limits);

/// The metadata of a Puppet Bolt task as a description with one action.
SourceTree tree_of_task(const ddl::SourceNode& metadata, const std::filesystem::path& file,
                        ddl::Report& report);

}  // namespace hocket::ddl_compiler
