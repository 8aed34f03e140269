#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/ddl/limits.h"
#include "core/ddl/reader.h"
#include "core/ddl/tree_reader.h"

// What our reader says, for ddl_schema.py: a line of JSON for each document.
//
//     ddl_verdicts FILE…     {"document": what stands in the file, "accepted": …, "clean": accepted and no warning}
//     ddl_verdicts           the same for documents of JSON on standard input, one a line, read as YAML

namespace hocket::ddl {
namespace {

void judge(const std::string& text, Format format) {
    const Result<Loaded> agent = read_text(text, format, "document");
    const Result<LoadedData> data = read_data_text(text, format, "document");
    Report report("document", text);
    const std::optional<SourceNode> tree =
        format == Format::json ? read_json_tree(report) : read_yaml_tree(report);
    const bool is_clean = (agent && agent->warnings.empty()) || (data && data->warnings.empty());
    std::cout << dump_json({{"document", tree ? tree->to_json() : Json()},
                            {"accepted", agent || data},
                            {"clean", is_clean}})
              << "\n";
}

}  // namespace
}  // namespace hocket::ddl

int main(int argc, char** argv) {
    using namespace hocket;
    for (int i = 1; i < argc; ++i) {
        const Result<std::string> text = read_file(argv[i], ddl::k_max_source_bytes);
        const std::optional<ddl::Format> format = ddl::format_of(argv[i]);
        if (!text || !format) return 1;
        ddl::judge(*text, *format);
    }
    std::string line;
    while (argc == 1 && std::getline(std::cin, line))
        ddl::judge(line, ddl::Format::yaml);
    return 0;
}
