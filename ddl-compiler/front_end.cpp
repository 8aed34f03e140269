#include "ddl-compiler/front_end.h"

#include <array>
#include <string>

#include "core/ddl/task_folder.h"
#include "ddl-compiler/ruby/ruby_tree.h"

namespace hocket::ddl_compiler {

namespace {

struct KindOfPlace {
    std::string_view folder;
    std::string_view suffix;  ///< of the file's stem; not a part of the name
    ddl::Kind kind;
};

// What MCollective keeps in other folders (connector, security, ...) has nothing but metadata.
constexpr std::array<KindOfPlace, 5> k_places = {{{"agent", "", ddl::Kind::agent},
                                                  {"data", "_data", ddl::Kind::data},
                                                  {"validator", "_validator", ddl::Kind::validator},
                                                  {"aggregate", "", ddl::Kind::aggregate},
                                                  {"discovery", "", ddl::Kind::discovery}}};

std::optional<SourceTree> read_own(ddl::Format format, ddl::Report& report, const ddl::TreeLimits& limits) {
    std::optional<ddl::SourceNode> root = ddl::read_tree(format, report, limits);
    if (!root) return std::nullopt;
    const ddl::Dialect dialect = ddl::dialect_of(*root, format);
    return SourceTree{std::move(*root), dialect};
}

}  // namespace

std::optional<SourceLanguage> source_language_of(const std::filesystem::path& path) {
    if (path.extension() == ".ddl") return SourceLanguage::ruby;
    const std::optional<ddl::Format> format = ddl::format_of(path);
    if (!format) return std::nullopt;
    return *format == ddl::Format::json ? SourceLanguage::json : SourceLanguage::yaml;
}

ddl::ReadOptions options_of(const std::filesystem::path& path) {
    const std::string stem = path.stem().string();
    const std::string folder = std::filesystem::absolute(path).parent_path().filename().string();
    ddl::ReadOptions options{.kind = ddl::Kind::plugin, .name = stem};
    if (path.extension() != ".ddl") options.kind = ddl::Kind::agent;
    for (const KindOfPlace& place : k_places) {
        const bool has_suffix = !place.suffix.empty() && stem.ends_with(place.suffix);
        if (folder != place.folder && !has_suffix) continue;
        options.kind = place.kind;
        if (has_suffix) options.name = stem.substr(0, stem.size() - place.suffix.size());
        break;
    }
    return options;
}

std::optional<SourceTree> read_source(SourceLanguage language, ddl::Report& report,
                                      const ddl::TreeLimits& limits) {
    if (!ddl::is_readable_text(report, limits)) return std::nullopt;
    switch (language) {
        case SourceLanguage::json: return read_own(ddl::Format::json, report, limits);
        case SourceLanguage::yaml: return read_own(ddl::Format::yaml, report, limits);
        case SourceLanguage::ruby: {
            ruby::RubyTree tree = ruby::read_ruby_tree(report);
            return SourceTree{std::move(tree.root), ddl::Dialect::mcollective, !tree.is_complete};
        }
    }
    return std::nullopt;
}

SourceTree tree_of_task(const ddl::SourceNode& metadata, const std::filesystem::path& file,
                        ddl::Report& report) {
    return {ddl::task_description(metadata, ddl::task_place_of(file), report), ddl::Dialect::hocket};
}

}  // namespace hocket::ddl_compiler
