#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace hocket::cli {

/// "0.41 ms", "41 ms", "12.3 s": three digits are enough for people.
std::string duration_text(std::chrono::microseconds span);

/// Milliseconds with what is behind the point, for programs.
double in_ms(std::chrono::microseconds span);

/// "1 node", "5 nodes".
std::string counted(std::size_t count, std::string_view noun);

/// Filled up with blanks; counts code points.
std::string padded_left(std::string_view text, std::size_t width);
std::string padded_right(std::string_view text, std::size_t width);

/// "web1, web2, web3": broken after commas into lines of that width, or into one line for 0.
std::string name_list(const std::vector<std::string>& names, std::size_t width);

/// A label and its value's lines.
struct Row {
    std::string label;
    std::vector<std::string> lines;
};

/// Labels right-aligned behind four blanks, values below each other. Everything is escaped.
///
///         Used: 41
///         Path: /
std::string aligned_rows(const std::vector<Row>& rows);

/// A value as people read it: the lines of a text, or JSON, on several lines when it is long.
std::vector<std::string> value_lines(const Json& value);

/// The lines of a text; a newline at its end makes no empty one.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace hocket::cli
