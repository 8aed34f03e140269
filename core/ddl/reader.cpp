#include "core/ddl/reader.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/ddl/agent_reader.h"
#include "core/ddl/limits.h"
#include "core/ddl/tree_reader.h"

namespace hocket::ddl {

namespace {

Dialect dialect_of(const SourceNode& root, Format format) {
    const bool has_run = std::any_of(root.members.begin(), root.members.end(), [](const Member& member) {
        return member.key == "run" && !member.value.is_null();
    });
    return format == Format::json && !has_run ? Dialect::choria : Dialect::hocket;
}

bool is_readable_text(Report& report) {
    const std::string_view text = report.source().text();
    if (text.size() > k_max_source_bytes) {
        report.error(
            0, std::to_string(text.size()) + " bytes, the limit is " + std::to_string(k_max_source_bytes));
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
    const std::string valid = to_utf8(text);
    if (valid != text) {
        const auto wrong = std::mismatch(text.begin(), text.end(), valid.begin(), valid.end()).first;
        report.error(static_cast<std::size_t>(wrong - text.begin()), "not UTF-8 text");
        return false;
    }
    return true;
}

Agent read_document(Format format, Report& report) {
    if (!is_readable_text(report)) return {};
    const std::optional<SourceNode> root =
        format == Format::json ? read_json_tree(report) : read_yaml_tree(report);
    if (!root) return {};
    ReadContext context{report, dialect_of(*root, format)};
    return read_agent(*root, context);
}

std::string join_lines(const std::vector<Diagnostic>& diagnostics) {
    std::string text;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (!text.empty()) text += "\n";
        text += to_string(diagnostic);
    }
    return text;
}

}  // namespace

std::optional<Format> format_of(const std::filesystem::path& path) {
    const std::string extension = path.extension().string();
    if (extension == ".json") return Format::json;
    if (extension == ".yaml" || extension == ".yml") return Format::yaml;
    return std::nullopt;
}

Result<Loaded> read_text(std::string_view text, Format format, const std::string& source_name) {
    Report report(source_name, text);
    Agent agent = read_document(format, report);
    agent.file = source_name;
    if (report.has_errors()) return Error{ErrorCode::invalid_ddl, join_lines(report.diagnostics()), {}};
    return Loaded{std::move(agent), report.diagnostics()};
}

Result<Loaded> read_file(const std::filesystem::path& path) {
    const std::optional<Format> format = format_of(path);
    if (!format) {
        return Error{
            ErrorCode::invalid_ddl, path.string() + ": a DDL's file name ends in .json, .yaml or .yml", {}};
    }
    const Result<std::string> text = hocket::read_file(path, k_max_source_bytes);
    if (!text) return text.error();
    return read_text(*text, *format, path.string());
}

}  // namespace hocket::ddl
