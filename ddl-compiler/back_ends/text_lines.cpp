#include "ddl-compiler/back_ends/text_lines.h"

#include <nlohmann/json.hpp>

#include "core/base/ascii.h"
#include "core/base/text.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::size_t k_tab_width = 8;

std::string preformatted(std::string_view line) {
    const std::vector<std::string> cells = split(line, '\t');
    std::string text = escape_text(cells.front());
    for (std::size_t i = 1; i < cells.size(); ++i) {
        text.append(k_tab_width - text.size() % k_tab_width, ' ');
        text += escape_text(cells[i]);
    }
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

std::vector<std::string> preformatted_lines(std::string_view text) {
    std::vector<std::string> lines;
    for (const std::string& line : split(text, '\n'))
        lines.push_back(preformatted(line));
    while (lines.size() > 1 && lines.back().empty())
        lines.pop_back();
    return lines;
}

std::string label_text(std::string label) {
    if (label == "url") return "URL";
    if (!label.empty()) label[0] = to_upper_ascii(label[0]);
    return label;
}

std::string default_text(const std::optional<Json>& value, bool sensitive) {
    if (!value) return {};
    return sensitive ? "***" : dump_json(*value);
}

}  // namespace hocket::ddl_compiler
