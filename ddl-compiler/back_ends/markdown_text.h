#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hocket::ddl_compiler {

/// Text of unknown origin as it is, on one line: of several lines one with `<br>` between them, as in a table's cell.
std::string markdown_line(std::string_view text);

/// The same as paragraphs: empty lines part them, other line ends stay line ends of the source.
std::string markdown_paragraphs(std::string_view text);

/// A code span that can stand in a table. Empty for an empty text.
std::string markdown_code(std::string_view text);

/// Preformatted text. The language may be empty.
std::string markdown_block(std::string_view text, std::string_view language);

using MarkdownRow = std::vector<std::string>;

/// Cells as they are, already Markdown. Ends with a newline.
std::string markdown_table(const MarkdownRow& head, std::span<const MarkdownRow> rows);

}  // namespace hocket::ddl_compiler
