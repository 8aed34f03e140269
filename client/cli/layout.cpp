#include "client/cli/layout.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace hocket::cli {

namespace {

constexpr std::size_t k_long_json = 70;
constexpr std::size_t k_indent = 4;
constexpr std::size_t k_max_label_columns =
    40;  // a longer one, of a node that nobody knows well, must not widen every line

std::string blanks_to(std::string_view text, std::size_t width) {
    const std::size_t length = count_code_points(text);
    return std::string(length < width ? width - length : 0, ' ');
}

std::string decimal(double value, int digits, const char* unit) {
    std::array<char, 32> text{};
    const int length = std::snprintf(text.data(), text.size(), "%.*f %s", digits, value, unit);
    return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

std::string duration_text(std::chrono::microseconds span) {
    const double ms = in_ms(span);
    if (ms < 10) return decimal(ms, 2, "ms");
    if (ms < 1000) return decimal(ms, 0, "ms");
    return decimal(ms / 1000, 1, "s");
}

double in_ms(std::chrono::microseconds span) {
    return static_cast<double>(span.count()) / 1000;
}

std::string counted(std::size_t count, std::string_view noun) {
    return std::to_string(count) + ' ' + std::string(noun) + (count == 1 ? "" : "s");
}

std::string padded_left(std::string_view text, std::size_t width) {
    return blanks_to(text, width) + std::string(text);
}

std::string padded_right(std::string_view text, std::size_t width) {
    return std::string(text) + blanks_to(text, width);
}

std::string name_list(const std::vector<std::string>& names, std::size_t width) {
    std::string list;
    std::size_t column = 0;
    for (const std::string& name : names) {
        const bool is_last = &name == &names.back();
        const std::size_t length = name.size() + (is_last ? 0 : 1);
        if (!list.empty()) {
            const bool breaks = width > 0 && column + 1 + length > width;
            list += breaks ? '\n' : ' ';
            column = breaks ? 0 : column + 1;
        }
        list += name;
        if (!is_last) list += ',';
        column += length;
    }
    return list;
}

std::string aligned_rows(const std::vector<Row>& rows) {
    std::size_t width = 0;
    for (const Row& row : rows)
        width = std::max(width, std::min(count_code_points(escape_text(row.label)), k_max_label_columns));
    std::string text;
    for (const Row& row : rows) {
        std::string head = std::string(k_indent, ' ') + padded_left(escape_text(row.label), width) + ": ";
        for (const std::string& line : row.lines) {
            text += head + escape_text(line) + '\n';
            head = std::string(k_indent + width + 2, ' ');
        }
    }
    return text;
}

std::vector<std::string> value_lines(const Json& value) {
    if (value.is_string()) return lines_of(value.get_ref<const std::string&>());
    std::string compact = dump_json(value);
    if (!value.is_structured() || compact.size() <= k_long_json) return {std::move(compact)};
    return lines_of(dump_json_pretty(value));
}

std::vector<std::string> lines_of(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    return split(text, '\n');
}

}  // namespace hocket::cli
