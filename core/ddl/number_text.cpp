#include "core/ddl/number_text.h"

#include <charconv>
#include <system_error>

#include <nlohmann/json.hpp>

#include "core/base/regex.h"

namespace hocket::ddl {

namespace {

bool is_integer_text(std::string_view text) {
    static const Regex regex = Regex::compile("[-+]?[0-9]+").value();
    return regex.full_match(text);
}

bool is_float_text(std::string_view text) {
    static const Regex regex = Regex::compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?").value();
    return regex.full_match(text);
}

}  // namespace

NumberText read_number(std::string_view text) {
    const bool integral = is_integer_text(text);
    if (!integral && !is_float_text(text)) return {};
    if (text.front() == '+') text.remove_prefix(1);  // std::from_chars knows no plus sign
    NumberText number;
    const char* const end = text.data() + text.size();
    if (std::from_chars(text.data(), end, number.floating).ec != std::errc()) {
        number.kind = NumberText::Kind::out_of_range;
    } else if (!integral) {
        number.kind = NumberText::Kind::floating;
    } else if (std::from_chars(text.data(), end, number.integer).ec == std::errc()) {
        number.kind = NumberText::Kind::integer;
    } else {
        number.kind = NumberText::Kind::beyond_int64;
    }
    return number;
}

std::optional<Json> number_from_text(std::string_view text) {
    const NumberText number = read_number(text);
    switch (number.kind) {
        case NumberText::Kind::integer: return number.integer;
        case NumberText::Kind::beyond_int64:
        case NumberText::Kind::floating: return number.floating;
        case NumberText::Kind::not_a_number:
        case NumberText::Kind::out_of_range: return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace hocket::ddl
