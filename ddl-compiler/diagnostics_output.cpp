#include "ddl-compiler/diagnostics_output.h"

#include <set>

#include <nlohmann/json.hpp>

#include "core/base/encoding.h"
#include "core/base/json.h"
#include "hocket_version.h"

namespace hocket::ddl_compiler {

namespace {

using ddl::Diagnostic;

constexpr std::string_view k_rule_of_errors = "error";

std::string_view severity_word(const Diagnostic& diagnostic) {
    return diagnostic.severity == Diagnostic::Severity::error ? "error" : "warning";
}

std::string text_form(const std::vector<Diagnostic>& diagnostics) {
    std::string text = ddl::join_lines(diagnostics);
    if (!text.empty()) text += "\n";
    return text;
}

Json json_of(const Diagnostic& diagnostic) {
    Json object = {
        {"file", diagnostic.file}, {"severity", severity_word(diagnostic)}, {"message", diagnostic.message}};
    if (diagnostic.at.line != 0) {
        object["line"] = diagnostic.at.line;
        object["column"] = diagnostic.at.column;
    }
    if (diagnostic.warning) object["warning"] = to_string(*diagnostic.warning);
    if (!diagnostic.hint.empty()) object["hint"] = diagnostic.hint;
    for (const ddl::Related& related : diagnostic.related) {
        object["related"].push_back(
            {{"line", related.at.line}, {"column", related.at.column}, {"message", related.message}});
    }
    return object;
}

std::string json_form(const std::vector<Diagnostic>& diagnostics) {
    Json list = Json::array();
    for (const Diagnostic& diagnostic : diagnostics)
        list.push_back(json_of(diagnostic));
    return dump_json_pretty(list) + "\n";
}

Json sarif_location(const std::string& file, const ddl::Location& at) {
    Json physical = {{"artifactLocation", {{"uri", percent_encode(file, "/")}}}};
    if (at.line != 0) physical["region"] = {{"startLine", at.line}, {"startColumn", at.column}};
    return {{"physicalLocation", std::move(physical)}};
}

std::string_view rule_of(const Diagnostic& diagnostic) {
    return diagnostic.warning ? to_string(*diagnostic.warning) : k_rule_of_errors;
}

Json sarif_result(const Diagnostic& diagnostic) {
    const std::string hint = diagnostic.hint.empty() ? "" : " (" + diagnostic.hint + ")";
    Json result = {{"ruleId", rule_of(diagnostic)},
                   {"level", severity_word(diagnostic)},
                   {"message", {{"text", diagnostic.message + hint}}},
                   {"locations", Json::array({sarif_location(diagnostic.file, diagnostic.at)})}};
    for (const ddl::Related& related : diagnostic.related) {
        Json location = sarif_location(diagnostic.file, related.at);
        location["message"] = {{"text", related.message}};
        result["relatedLocations"].push_back(std::move(location));
    }
    return result;
}

std::string sarif_form(const std::vector<Diagnostic>& diagnostics) {
    std::set<std::string_view> ids;
    Json results = Json::array();
    for (const Diagnostic& diagnostic : diagnostics) {
        ids.insert(rule_of(diagnostic));
        results.push_back(sarif_result(diagnostic));
    }
    Json rules = Json::array();
    for (const std::string_view id : ids)
        rules.push_back({{"id", id}});
    const Json driver = {{"name", "hocketc"}, {"version", k_version}, {"rules", std::move(rules)}};
    const Json run = {
        {"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
    const Json log = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", Json::array({run})}};
    return dump_json_pretty(log) + "\n";
}

}  // namespace

std::string write_diagnostics(const std::vector<Diagnostic>& diagnostics, DiagnosticsFormat format) {
    switch (format) {
        case DiagnosticsFormat::text: return text_form(diagnostics);
        case DiagnosticsFormat::json: return json_form(diagnostics);
        case DiagnosticsFormat::sarif: return sarif_form(diagnostics);
    }
    return {};
}

}  // namespace hocket::ddl_compiler
