#include "ddl-compiler/back_ends/roff.h"

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "ddl-compiler/back_ends/text_lines.h"

namespace hocket::ddl_compiler {

namespace {

/// A longer word may not fit into a line: it may be broken anywhere in steps of so many bytes.
constexpr std::size_t k_max_word_bytes = 32;

bool is_word_character(char character) {
    return static_cast<unsigned char>(character) >= 0x80 || is_letter_or_digit(character);
}

/// A dash inside of a word.
bool is_hyphen(std::string_view text, std::size_t at) {
    return at > 0 && at + 1 < text.size() && is_word_character(text[at - 1]) &&
           is_word_character(text[at + 1]);
}

/// What the character is in roff, where some stand for typographic ones.
std::string escape_character(char character) {
    switch (character) {
        case '\\': return "\\e";
        case '"': return "\\(dq";
        case '\'': return "\\(aq";
        case '`': return "\\(ga";
        case '^': return "\\(ha";
        case '~': return "\\(ti";
        case '-': return "\\-";
        default: return {character};
    }
}

bool starts_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

enum class Dash { hyphen_in_words, minus };

std::string escape(std::string_view text, Dash dash) {
    const std::string visible = escape_text(text);
    std::string escaped = visible.starts_with('.') ? "\\&" : "";
    std::size_t word = 0;
    for (std::size_t i = 0; i < visible.size(); ++i) {
        const bool is_plain_dash =
            visible[i] == '-' && dash == Dash::hyphen_in_words && is_hyphen(visible, i);
        word = visible[i] == ' ' ? 0 : word + 1;
        if (word > k_max_word_bytes && starts_character(visible[i])) {
            escaped += "\\:";
            word = 1;
        }
        escaped += is_plain_dash ? "-" : escape_character(visible[i]);
    }
    return escaped;
}

}  // namespace

std::string roff_line(std::string_view text) {
    std::string line;
    for (const std::string& part : split(trim(text), '\n')) {
        const std::string_view words = trim(part);
        if (!words.empty()) line += (line.empty() ? "" : " ") + escape(words, Dash::hyphen_in_words);
    }
    return line;
}

std::string roff_literal(std::string_view text) {
    return escape(text, Dash::minus);
}

std::string roff_paragraphs(std::string_view text) {
    std::string paragraphs;
    bool is_new = false;
    for (const std::string& line : split(trim(text), '\n')) {
        const std::string_view words = trim(line);
        if (words.empty()) {
            is_new = true;
            continue;
        }
        paragraphs += (is_new ? ".PP\n" : "") + escape(words, Dash::hyphen_in_words) + "\n";
        is_new = false;
    }
    return paragraphs;
}

std::string roff_block(std::string_view text) {
    std::string lines;
    for (const std::string& line : preformatted_lines(text))
        lines += (line.empty() ? "\\&" : roff_literal(line)) + "\n";
    return ".RS 4\n.nf\n" + lines + ".fi\n.RE\n";
}

}  // namespace hocket::ddl_compiler
