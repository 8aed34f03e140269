#include "core/base/text.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "core/base/ascii.h"

namespace hocket {

namespace {

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0;  ///< bytes; 0 when the bytes are not UTF-8
};

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Decodes one code point; refuses overlong forms, surrogates and values above U+10FFFF (RFC 3629).
CodePoint decode(std::string_view text) {
    const auto first = static_cast<unsigned char>(text.front());
    if (first < 0x80) return {first, 1};
    std::size_t length = 0;
    std::uint32_t value = 0;
    std::uint32_t minimum = 0;
    if ((first & 0xE0U) == 0xC0U) {
        length = 2, value = first & 0x1FU, minimum = 0x80;
    } else if ((first & 0xF0U) == 0xE0U) {
        length = 3, value = first & 0x0FU, minimum = 0x800;
    } else if ((first & 0xF8U) == 0xF0U) {
        length = 4, value = first & 0x07U, minimum = 0x10000;
    } else {
        return {};
    }
    if (text.size() < length) return {};
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(text[i])) return {};
        value = (value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < minimum || value > 0x10FFFF || surrogate) return {};
    return {value, length};
}

std::string hex_escape(char prefix, std::uint32_t value, int digits) {
    constexpr std::string_view alphabet = "0123456789abcdef";
    std::string escape = {'\\', prefix};
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
        escape.push_back(alphabet[(value >> static_cast<unsigned>(shift)) & 15U]);
    }
    return escape;
}

bool is_unsafe(std::uint32_t value) {
    const bool control = value < 0x20 || (value >= 0x7F && value <= 0x9F);
    const bool bidirectional = value == 0x061C || value == 0x200E || value == 0x200F ||
                               (value >= 0x202A && value <= 0x202E) || (value >= 0x2066 && value <= 0x2069);
    const bool line_break = value == 0x2028 || value == 0x2029;
    return control || bidirectional || line_break || value == 0xFEFF;
}

}  // namespace

std::string escape_text(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    while (!text.empty()) {
        const CodePoint point = decode(text);
        if (point.length == 0) {
            escaped += hex_escape('x', static_cast<unsigned char>(text.front()), 2);
            text.remove_prefix(1);
            continue;
        }
        if (point.value == '\n') {
            escaped += "\\n";
        } else if (point.value == '\t') {
            escaped += "\\t";
        } else if (point.value == '\r') {
            escaped += "\\r";
        } else if (is_unsafe(point.value)) {
            escaped += point.value < 0x80 ? hex_escape('x', point.value, 2) : hex_escape('u', point.value, 4);
        } else {
            escaped += text.substr(0, point.length);
        }
        text.remove_prefix(point.length);
    }
    return escaped;
}

std::string escape_json_text(std::string_view json) {
    std::string escaped;
    while (!json.empty()) {
        const CodePoint point = decode(json);
        const std::size_t length = std::max<std::size_t>(point.length, 1);
        if (point.value >= 0x7F && is_unsafe(point.value)) {
            escaped += hex_escape('u', point.value, 4);
        } else {
            escaped += json.substr(0, length);
        }
        json.remove_prefix(length);
    }
    return escaped;
}

std::string quote_bytes(std::string_view bytes, std::size_t max_bytes) {
    std::string quoted = "\"" + escape_text(bytes.substr(0, max_bytes)) + "\"";
    if (bytes.size() > max_bytes) quoted += "… (" + std::to_string(bytes.size()) + " bytes)";
    return quoted;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = decode(text);
        if (point.length == 0) return false;
        text.remove_prefix(point.length);
    }
    return true;
}

std::size_t count_code_points(std::string_view text) {
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

std::string to_utf8(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const CodePoint point = decode(bytes);
        const std::size_t length = std::max<std::size_t>(point.length, 1);
        text += point.length == 0 ? std::string_view("\xEF\xBF\xBD") : bytes.substr(0, length);
        bytes.remove_prefix(length);
    }
    return text;
}

std::string to_lower_ascii(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char byte) { return to_lower_ascii(byte); });
    return lower;
}

std::string to_upper_ascii(std::string_view text) {
    std::string upper(text);
    std::transform(upper.begin(), upper.end(), upper.begin(), [](char byte) { return to_upper_ascii(byte); });
    return upper;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
    std::string joined;
    for (const std::string& part : parts) {
        if (&part != parts.data()) joined += separator;
        joined += part;
    }
    return joined;
}

namespace {

/// Levenshtein distance.
std::size_t distance(std::string_view word, std::string_view candidate) {
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < word.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < candidate.size(); ++j) {
            const std::size_t substitution = diagonal + (word[i] == candidate[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substitution, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

std::size_t common_beginning(std::string_view word, std::string_view candidate) {
    const auto ends = std::mismatch(word.begin(), word.end(), candidate.begin(), candidate.end());
    return static_cast<std::size_t>(ends.first - word.begin());
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
    std::string best;
    const std::size_t most = word.size() < 4 ? 1 : std::max<std::size_t>(2, word.size() / 3);
    std::size_t best_distance = most + 1;
    std::size_t best_beginning = 0;
    for (const std::string& candidate : candidates) {
        const std::size_t away = distance(word, candidate);
        const std::size_t beginning = common_beginning(word, candidate);
        const bool nearer =
            away < best_distance || (away == best_distance && !best.empty() && beginning > best_beginning);
        if (!nearer) continue;
        best = candidate;
        best_distance = away;
        best_beginning = beginning;
    }
    return best;
}

}  // namespace hocket
