#include "ddl-compiler/back_ends/markdown_text.h"

#include <algorithm>
#include <utility>

#include "core/base/regex.h"
#include "core/base/text.h"
#include "ddl-compiler/back_ends/text_lines.h"

namespace hocket::ddl_compiler {

namespace {

constexpr std::string_view k_special = "\\`*_[]<>|&~$";

/// What starts a heading, a list, a rule, an underline or a table at the start of a line.
constexpr std::string_view k_special_starts = "#+-=:";

/// One line without the blanks at its ends, which would make code or a break of it.
std::string escape_line(std::string_view line) {
    std::string escaped;
    for (const char character : escape_text(trim(line))) {
        if (k_special.find(character) != std::string_view::npos) escaped += '\\';
        escaped += character;
    }
    return escaped;
}

/// For a line that stands alone, where it might start something.
std::string escape_start(std::string line) {
    static const Regex numbered = Regex::compile("^[0-9]+[.)]( |$)").value();
    if (!line.empty() && k_special_starts.find(line.front()) != std::string_view::npos) return "\\" + line;
    if (numbered.search(line)) line.insert(line.find_first_of(".)"), "\\");
    return line;
}

std::size_t longest_run_of_backticks(std::string_view text) {
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char character : text) {
        run = character == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

std::string row(const MarkdownRow& cells) {
    std::string line = "|";
    for (const std::string& cell : cells)
        line += " " + cell + (cell.empty() ? "|" : " |");
    return line + "\n";
}

}  // namespace

std::string markdown_line(std::string_view text) {
    std::vector<std::string> lines;
    for (const std::string& line : split(text, '\n')) {
        if (std::string escaped = escape_line(line); !escaped.empty()) lines.push_back(std::move(escaped));
    }
    return join(lines, "<br>");
}

std::string markdown_paragraphs(std::string_view text) {
    std::string paragraphs;
    for (const std::string& line : split(trim(text), '\n'))
        paragraphs += escape_start(escape_line(line)) + "\n";
    return paragraphs;
}

std::string markdown_code(std::string_view text) {
    if (text.empty()) return {};
    std::string code;
    // A table takes \| for |, in code too.
    for (const char character : escape_text(text))
        code += character == '|' ? std::string("\\|") : std::string(1, character);
    const std::string fence(longest_run_of_backticks(code) + 1, '`');
    const bool needs_blanks =
        code.front() == '`' || code.back() == '`' || (code.front() == ' ' && code.back() == ' ');
    const std::string blank = needs_blanks ? " " : "";
    return fence + blank + code + blank + fence;
}

std::string markdown_block(std::string_view text, std::string_view language) {
    std::string lines;
    for (const std::string& line : preformatted_lines(text))
        lines += line + "\n";
    const std::string fence(std::max<std::size_t>(longest_run_of_backticks(text) + 1, 3), '`');
    return fence + std::string(language) + "\n" + lines + fence + "\n";
}

std::string markdown_table(const MarkdownRow& head, std::span<const MarkdownRow> rows) {
    std::string table = row(head) + row(MarkdownRow(head.size(), "---"));
    for (const MarkdownRow& cells : rows)
        table += row(cells);
    return table;
}

}  // namespace hocket::ddl_compiler
