#include "ddl-compiler/back_ends/cpp_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/base/text.h"

namespace hocket::ddl_compiler {

namespace {

/// Words together as long as they fit.
std::vector<std::string> wrap(std::string_view line, std::size_t columns) {
    std::vector<std::string> lines(1);
    for (const std::string& word : split(line, ' ')) {
        if (word.empty()) continue;
        if (!lines.back().empty() && lines.back().size() + 1 + word.size() > columns) lines.emplace_back();
        lines.back() += (lines.back().empty() ? "" : " ") + word;
    }
    return lines;
}

std::string harmless(std::string line) {
    for (std::size_t at = line.find("*/"); at != std::string::npos; at = line.find("*/", at))
        line.insert(at + 1, 1, ' ');
    if (line.ends_with('\\') || line.ends_with("?\?/")) line += " .";
    return line;
}

std::string octal(char byte) {
    const auto value = static_cast<unsigned char>(byte);
    const std::array<unsigned, 3> digits = {value / 64U, value / 8U % 8U, value % 8U};
    std::string text = "\\";
    for (const unsigned digit : digits)
        text += static_cast<char>('0' + digit);
    return text;
}

std::string in_literal(char byte, char before, bool is_plain) {
    if (byte == '"' || byte == '\\') return {'\\', byte};
    if (byte == '\n') return "\\n";
    if (byte == '\t') return "\\t";
    if (byte == '?' && before == '?') return "\\?";  // no trigraph
    const bool is_ascii = byte >= 0x20 && byte < 0x7f;
    return is_ascii || is_plain ? std::string(1, byte) : octal(byte);
}

}  // namespace

std::string cpp_comment(std::string_view text, std::size_t indent) {
    const std::string start = std::string(indent, ' ') + "///";
    std::string comment;
    std::string spaced(trim(text));
    std::replace(spaced.begin(), spaced.end(), '\t', ' ');
    for (const std::string& paragraph : split(spaced, '\n')) {
        for (const std::string& line : wrap(escape_text(trim(paragraph)), k_cpp_columns - start.size() - 1))
            comment += start + (line.empty() ? "" : " ") + harmless(line) + "\n";
    }
    return spaced.empty() ? "" : comment;
}

std::string cpp_literal(std::string_view text) {
    const bool is_plain = escape_text(text) == text;
    std::string literal = "\"";
    char before = '\0';
    for (const char byte : text) {
        literal += in_literal(byte, before, is_plain);
        before = byte;
    }
    literal += '"';
    if (text.find('\0') == std::string_view::npos) return literal;
    return "std::string_view(" + literal + ", " + std::to_string(text.size()) + ")";
}

}  // namespace hocket::ddl_compiler
