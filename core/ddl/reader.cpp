#include "core/ddl/reader.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/ddl/description_reader.h"
#include "core/ddl/tree_reader.h"

namespace hocket::ddl {

namespace {

Agent read_agent_document(Format format, const ReadOptions& options, Report& report) {
    if (!is_readable_text(report, options.limits)) return {};
    const std::optional<SourceNode> root = read_tree(format, report, options.limits);
    if (!root) return {};
    Description description = read_description(*root, dialect_of(*root, format), options, report);
    if (auto* const agent = std::get_if<Agent>(&description)) return std::move(*agent);
    report.error(root->offset, "describes something of kind '" +
                                   std::string(to_string(kind_of(description))) +
                                   "', where an agent is expected");
    return {};
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
    if (options.validators) context.validators = *options.validators;
    if (options.regexes) context.regexes = options.regexes;
    return read_description(root, options.kind, context);
}

Result<Loaded> read_text(std::string_view text, Format format, const std::string& source_name,
                         const std::shared_ptr<const Validators>& validators) {
    Report report(source_name, text);
    Agent agent = read_agent_document(format, {.validators = validators}, report);
    agent.file = source_name;
    std::vector<Diagnostic> diagnostics = first_of(report.diagnostics());
    if (report.has_errors()) return Error{ErrorCode::invalid_ddl, join_lines(diagnostics), {}};
    return Loaded{std::move(agent), std::move(diagnostics)};
}

Result<Loaded> read_file(const std::filesystem::path& path,
                         const std::shared_ptr<const Validators>& validators) {
    const std::optional<Format> format = format_of(path);
    if (!format) {
        return Error{
            ErrorCode::invalid_ddl, path.string() + ": a DDL's file name ends in .json, .yaml or .yml", {}};
    }
    const Result<std::string> text = hocket::read_file(path, k_max_source_bytes);
    if (!text) return text.error();
    return read_text(*text, *format, path.string(), validators);
}

}  // namespace hocket::ddl
