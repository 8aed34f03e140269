#include "core/ddl/text_input.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/ddl/diagnostic.h"
#include "core/ddl/number_text.h"
#include "core/ddl/value_check.h"

namespace hocket::ddl {

namespace {

Error refusal(const Input& input, std::string_view rule, const std::string& reason) {
    const std::string message =
        "input '" + input.name + "' (" + std::string(to_string(input.type)) + "): " + reason;
    return {ErrorCode::invalid_input, message, {{"/inputs/" + input.name, std::string(rule), message}}};
}

std::string shown(const Input& input, std::string_view text) {
    return show_value(Json(std::string(text)), input.sensitive);
}

Result<Json> parse_integer(const Input& input, std::string_view text) {
    const NumberText number = read_number(text);
    if (number.kind == NumberText::Kind::integer) return Json(number.integer);
    if (number.kind == NumberText::Kind::beyond_int64) {
        return refusal(input, "range",
                       shown(input, text) +
                           " does not fit into int64, which is -9223372036854775808 to 9223372036854775807");
    }
    return refusal(input, "type", shown(input, text) + " is not an integer, such as 42 or -7");
}

Result<Json> parse_number(const Input& input, std::string_view text) {
    const NumberText number = read_number(text);
    switch (number.kind) {
        case NumberText::Kind::integer:
            return input.type == Type::number ? Json(number.integer) : Json(number.floating);
        case NumberText::Kind::beyond_int64:
        case NumberText::Kind::floating: return Json(number.floating);
        case NumberText::Kind::out_of_range:
            return refusal(input, "range", shown(input, text) + " is out of the range of a float");
        case NumberText::Kind::not_a_number: break;
    }
    return refusal(input, "type", shown(input, text) + " is not a number, such as 2.5 or -1e3");
}

Result<Json> parse_boolean(const Input& input, std::string_view text) {
    constexpr std::array<std::string_view, 5> yes = {"true", "t", "yes", "y", "1"};
    constexpr std::array<std::string_view, 5> no = {"false", "f", "no", "n", "0"};
    const std::string word = to_lower_ascii(text);
    if (std::find(yes.begin(), yes.end(), word) != yes.end()) return Json(true);
    if (std::find(no.begin(), no.end(), word) != no.end()) return Json(false);
    return refusal(input, "type", shown(input, text) + " is not a boolean, such as true or no");
}

Result<Json> parse_list_value(const Input& input, std::string_view text) {
    const std::vector<std::string> forms = text_forms(input.list);
    const auto found = std::find(forms.begin(), forms.end(), text);
    if (found != forms.end()) return input.list[static_cast<std::size_t>(found - forms.begin())];
    std::string reason = shown(input, text) + " is not one of " + join(forms, ", ");
    const std::string meant = input.sensitive ? "" : did_you_mean(text, forms);
    if (!meant.empty()) reason += "; " + meant;
    return refusal(input, "list", reason);
}

Result<Json> parse_structure(const Input& input, std::string_view text) {
    const bool wants_array = input.type == Type::array;
    Result<Json> value = parse_json_value(text);
    if (value && (wants_array ? value->is_array() : value->is_object())) return value;
    std::string reason = shown(input, text) + " is not a JSON " +
                         (wants_array ? "array, such as [1, 2]" : "object, such as {\"key\": 1}");
    // The parser's own words may quote the text.
    if (!value && !input.sensitive) reason += ": " + escape_text(value.error().message);
    return refusal(input, "type", reason);
}

/// What is JSON is taken for it: 5, true, [1]. Anything else is text.
Json parse_any(std::string_view text) {
    Result<Json> value = parse_json_value(text);
    return value ? std::move(*value) : Json(std::string(text));
}

}  // namespace

Result<Json> parse_input(const Input& input, std::string_view text) {
    if (!is_utf8(text)) return refusal(input, "type", shown(input, text) + " is not UTF-8");
    switch (input.type) {
        case Type::string: return Json(std::string(text));
        case Type::integer: return parse_integer(input, text);
        case Type::floating:
        case Type::number: return parse_number(input, text);
        case Type::boolean: return parse_boolean(input, text);
        case Type::list: return parse_list_value(input, text);
        case Type::array:
        case Type::hash: return parse_structure(input, text);
        case Type::any: return parse_any(text);
    }
    return refusal(input, "type", "has no known type");
}

}  // namespace hocket::ddl
