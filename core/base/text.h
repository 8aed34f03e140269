#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hocket {

/// Text of unknown origin made safe for a terminal or a log line: control characters (C0, C1, DEL), bidirectional
/// overrides and bytes that are not UTF-8 become visible escapes such as \x1b or \u202e.
std::string escape_text(std::string_view text);

/// A JSON document for a terminal: what escape_text() would make visible, and JSON leaves as it is, becomes \u009b or \u202e. It
/// is the same document.
std::string escape_json_text(std::string_view json);

/// The first bytes of unexpected output, escaped, with a mark when there was more.
std::string quote_bytes(std::string_view bytes, std::size_t max_bytes = 200);

bool is_utf8(std::string_view text);

std::size_t count_code_points(std::string_view text);  ///< of UTF-8

/// The bytes with every invalid sequence replaced by U+FFFD.
std::string to_utf8(std::string_view bytes);

std::string to_lower_ascii(std::string_view text);
std::string to_upper_ascii(std::string_view text);

std::string_view trim(std::string_view text);

std::vector<std::string> split(std::string_view text, char separator);

std::string join(std::span<const std::string> parts, std::string_view separator);

/// The candidate that a person probably meant, for "did you mean"; of several that are equally near, the one that begins
/// alike for longest; empty when none is near.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace hocket
