#include "core/ddl/reader.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/ddl/description_reader.h"
#include "core/ddl/tree_reader.h"

namespace hocket::ddl {

namespace {

/// Reads a description of one kind.
template <class Plugin>
Plugin read_document(Format format, const ReadOptions& options, Report& report) {
    if (!is_readable_text(report, options.limits)) return {};
    const std::optional<SourceNode> root = read_tree(format, report, options.limits);
    if (!root) return {};
    Description description = read_description(*root, dialect_of(*root, format), options, report);
    if (auto* const plugin = std::get_if<Plugin>(&description)) return std::move(*plugin);
    if (report.has_errors()) return {};  // of which it may follow
    const std::string_view expected = options.kind == Kind::data ? "a data plugin" : "an agent";
    report.error(root->offset, "describes something of kind '" +
                                   std::string(to_string(kind_of(description))) + "', where " +
                                   std::string(expected) + " is expected");
    return {};
}

template <class Plugin, class LoadedPlugin>
Result<LoadedPlugin> read_plugin(std::string_view text, Format format, const std::string& source_name,
                                 const ReadOptions& options) {
    Report report(source_name, text);
    Plugin plugin = read_document<Plugin>(format, options, report);
    plugin.file = source_name;
    std::vector<Diagnostic> diagnostics = first_of(report.diagnostics());
    if (report.has_errors()) return Error{ErrorCode::invalid_ddl, join_lines(diagnostics), {}};
    return LoadedPlugin{std::move(plugin), std::move(diagnostics)};
}

struct Source {
    std::string text;
    Format format;
};

Result<Source> read_source(const std::filesystem::path& path) {
    const std::optional<Format> format = format_of(path);
    if (!format) {
        return Error{
            ErrorCode::invalid_ddl, path.string() + ": a DDL's file name ends in .json, .yaml or .yml", {}};
    }
    Result<std::string> text = hocket::read_file(path, k_max_source_bytes);
    if (!text) return text.error();
    return Source{std::move(*text), *format};
}

}  // namespace

std::optional<Format> format_of(const std::filesystem::path& path) {
    const std::string extension = path.extension().string();
    if (extension == ".json") return Format::json;
    if (extension == ".yaml" || extension == ".yml") return Format::yaml;
    return std::nullopt;
}

Dialect dialect_of(const SourceNode& root, Format format) {
    return format == Format::json && root.find("run") == nullptr ? Dialect::choria : Dialect::hocket;
}

bool is_readable_text(Report& report, const TreeLimits& limits) {
    const std::string_view text = report.source().text();
    if (text.size() > limits.max_bytes) {
        report.error(
            0, std::to_string(text.size()) + " bytes, the limit is " + std::to_string(limits.max_bytes));
        return false;
    }
    if (text.starts_with("\xEF\xBB\xBF")) {
        report.error(0, "starts with a byte order mark");
        return false;
    }
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        report.error(nul, "a NUL byte, where text is expected");
        return false;
    }
    if (is_utf8(text)) return true;
    const std::string valid = to_utf8(text);
    const auto wrong = std::mismatch(text.begin(), text.end(), valid.begin(), valid.end()).first;
    report.error(static_cast<std::size_t>(wrong - text.begin()), "not UTF-8 text");
    return false;
}

std::optional<SourceNode> read_tree(Format format, Report& report, const TreeLimits& limits) {
    return format == Format::json ? read_json_tree(report, limits) : read_yaml_tree(report, limits);
}

Description read_description(const SourceNode& root, Dialect dialect, const ReadOptions& options,
                             Report& report) {
    ReadContext context{report, dialect};
    context.name = options.name;
    context.is_partial = options.is_partial;
    if (options.validators) context.validators = *options.validators;
    if (options.regexes) context.regexes = options.regexes;
    return read_description(root, options.kind, context);
}

Result<Loaded> read_text(std::string_view text, Format format, const std::string& source_name,
                         const std::shared_ptr<const Validators>& validators) {
    return read_plugin<Agent, Loaded>(text, format, source_name,
                                      {.validators = validators, .kind = Kind::agent});
}

Result<Loaded> read_file(const std::filesystem::path& path,
                         const std::shared_ptr<const Validators>& validators) {
    const Result<Source> source = read_source(path);
    if (!source) return source.error();
    return read_text(source->text, source->format, path.string(), validators);
}

Result<LoadedData> read_data_text(std::string_view text, Format format, const std::string& source_name,
                                  const std::shared_ptr<const Validators>& validators) {
    return read_plugin<DataPlugin, LoadedData>(text, format, source_name,
                                               {.validators = validators, .kind = Kind::data});
}

Result<LoadedData> read_data_file(const std::filesystem::path& path,
                                  const std::shared_ptr<const Validators>& validators) {
    const Result<Source> source = read_source(path);
    if (!source) return source.error();
    return read_data_text(source->text, source->format, path.string(), validators);
}

}  // namespace hocket::ddl
