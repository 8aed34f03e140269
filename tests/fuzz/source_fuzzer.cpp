#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/base/json.h"
#include "core/ddl/reader.h"
#include "core/ddl/writer.h"
#include "ddl-compiler/allowances.h"
#include "ddl-compiler/checks.h"
#include "ddl-compiler/front_end.h"

using namespace hocket;
using ddl_compiler::SourceLanguage;

namespace {

[[noreturn]] void fail(const char* what, const std::string& text) {
    std::fprintf(stderr, "%s:\n%s\n", what, text.c_str());
    std::abort();
}

/// What is JSON for the nodes is JSON for the compiler, and the same.
void compare_with_strict_parser(std::string_view text) {
    ddl::Report report("fuzzed", text);
    if (!ddl::is_readable_text(report, {})) return;
    const std::optional<ddl::SourceNode> root = ddl::read_tree(ddl::Format::json, report, {});
    const Result<Json> strict = parse_json_value(text, {.max_depth = ddl::k_max_depth});
    if (report.has_errors() == strict.has_value())
        fail("only one of the two JSON parsers takes it", std::string(text));
    if (strict && root->to_json() != *strict)
        fail("the two JSON parsers read different values", std::string(text));
}

/// The canonical form of what the text describes; empty when it has errors, and then there are some.
std::string canonical_of(SourceLanguage language, std::string_view text) {
    ddl::Report report("fuzzed", text);
    const auto tree = ddl_compiler::read_source(language, report, {});
    if (!tree && !report.has_errors()) fail("nothing is read and nothing is wrong", std::string(text));
    if (!tree) return {};
    if (tree->is_partial && !report.has_errors())
        fail("parts are left out and nothing is wrong", std::string(text));
    const ddl::ReadOptions options{.is_partial = tree->is_partial, .name = "fuzzed"};
    const ddl::Description description = ddl::read_description(tree->root, tree->dialect, options, report);
    if (!report.has_errors())
        ddl_compiler::check_intent(tree->root, description, nullptr, tree->dialect, report);
    const auto diagnostics = ddl_compiler::Allowances(language, report.source(), &tree->root)
                                 .apply("fuzzed", report.diagnostics());
    static_cast<void>(ddl::join_lines(diagnostics));
    return report.has_errors() ? std::string() : ddl::canonical_json(description);
}

}  // namespace

/// Whatever is read without errors has a canonical form, and that is read as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), count);
    if (SourceLanguage::HOCKET_FUZZED_LANGUAGE == SourceLanguage::json) compare_with_strict_parser(text);
    const std::string canonical = canonical_of(SourceLanguage::HOCKET_FUZZED_LANGUAGE, text);
    if (canonical.empty()) return 0;
    const std::string again = canonical_of(SourceLanguage::json, canonical);
    if (again != canonical) fail("the canonical form is not read as the same", canonical + "\n" + again);
    return 0;
}
