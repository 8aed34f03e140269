#include "ddl-compiler/ruby/utf8.h"

#include <cstddef>

namespace hocket::ddl_compiler::ruby {

namespace {

void append_byte(std::string& text, char32_t bits) {
    text += static_cast<char>(static_cast<unsigned char>(bits));
}

void append_continuation(std::string& text, char32_t bits) {
    append_byte(text, 0x80U | (bits & 0x3FU));
}

}  // namespace

bool append_utf8(std::string& text, char32_t character) {
    if (character > 0x10FFFF || (character >= 0xD800 && character <= 0xDFFF)) return false;
    if (character < 0x80) {
        append_byte(text, character);
    } else if (character < 0x800) {
        append_byte(text, 0xC0U | (character >> 6U));
        append_continuation(text, character);
    } else if (character < 0x10000) {
        append_byte(text, 0xE0U | (character >> 12U));
        append_continuation(text, character >> 6U);
        append_continuation(text, character);
    } else {
        append_byte(text, 0xF0U | (character >> 18U));
        append_continuation(text, character >> 12U);
        append_continuation(text, character >> 6U);
        append_continuation(text, character);
    }
    return true;
}

std::u32string to_characters(std::string_view text) {
    std::u32string characters;
    for (const char byte : text) {
        const auto bits = static_cast<unsigned char>(byte);
        if ((bits & 0xC0U) == 0x80U && !characters.empty()) {
            characters.back() = ((characters.back() << 6U) | (bits & 0x3FU)) & 0x1FFFFFU;
        } else {
            characters += bits < 0x80U   ? bits
                          : bits < 0xE0U ? bits & 0x1FU
                          : bits < 0xF0U ? bits & 0x0FU
                                         : bits & 0x07U;
        }
    }
    return characters;
}

}  // namespace hocket::ddl_compiler::ruby
