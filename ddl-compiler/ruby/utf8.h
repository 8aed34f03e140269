#pragma once

#include <string>
#include <string_view>

namespace hocket::ddl_compiler::ruby {

/// False, and nothing appended, for what is no character: a surrogate, or above U+10FFFF.
bool append_utf8(std::string& text, char32_t character);

/// The characters of a text that is UTF-8; any other bytes give some characters.
std::u32string to_characters(std::string_view text);

}  // namespace hocket::ddl_compiler::ruby
