#pragma once

#include <string>
#include <string_view>

namespace hocket::ddl_compiler {

/// Text for people on one line, and safe as an argument of a macro: no character of it means anything to roff.
std::string roff_line(std::string_view text);

/// What is typed as it stands, so that each dash is a minus sign: names, options, patterns.
std::string roff_literal(std::string_view text);

/// Lines of text; empty lines part paragraphs. Ends with a newline.
std::string roff_paragraphs(std::string_view text);

/// Lines that are shown as they are, indented. Ends with a newline.
std::string roff_block(std::string_view text);

}  // namespace hocket::ddl_compiler
