#include "core/ddl/value_check.h"

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "core/ddl/diagnostic.h"

namespace hocket::ddl {

namespace {

constexpr std::size_t k_shown_bytes = 64;
constexpr double k_int64_bound = 0x1p63;
constexpr std::string_view k_beyond_int64 =
    "must lie within int64, -9223372036854775808 to 9223372036854775807; this is ";

bool exceeds_int64(const Json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX);
    if (!value.is_number_float()) return false;
    const double number = value.get<double>();
    // -2^63 itself is refused as a float: it is also what the integer -2^63 - 1 has become on its way here.
    return std::isfinite(number) && std::abs(number) >= k_int64_bound;
}

bool to_integer(Json& value) {
    if (exceeds_int64(value)) return false;
    if (value.is_number_float()) {
        const double number = value.get<double>();
        if (!std::isfinite(number) || std::trunc(number) != number) return false;
    } else if (!value.is_number_integer()) {
        return false;
    }
    value = value.get<std::int64_t>();
    return true;
}

bool to_float(Json& value) {
    if (value.is_number_float()) return std::isfinite(value.get<double>());
    if (!value.is_number_integer() || exceeds_int64(value)) return false;
    const auto integer = value.get<std::int64_t>();
    const auto number = static_cast<double>(integer);
    if (number >= k_int64_bound || static_cast<std::int64_t>(number) != integer) return false;
    value = number;
    return true;
}

bool to_number(Json& value) {
    if (value.is_number_float()) return std::isfinite(value.get<double>());
    return to_integer(value);
}

bool to_type(Type type, Json& value) {
    switch (type) {
        case Type::string: return value.is_string() && is_utf8(value.get_ref<const std::string&>());
        case Type::integer: return to_integer(value);
        case Type::floating: return to_float(value);
        case Type::number: return to_number(value);
        case Type::boolean: return value.is_boolean();
        case Type::list: return value.is_primitive();
        case Type::array: return value.is_array();
        case Type::hash: return value.is_object();
        case Type::any: return true;
    }
    return false;
}

std::vector<Breach> check_type(Type type, Json& value, bool sensitive) {
    if (to_type(type, value)) return {};
    const std::string shown = show_value(value, sensitive);
    if (type == Type::integer && exceeds_int64(value)) {
        return {{"range", std::string(k_beyond_int64) + shown}};
    }
    return {{"type", "must be of type " + std::string(to_string(type)) + ", not " + shown}};
}

std::vector<Breach> check_text(const Input& input, const std::string& text) {
    std::vector<Breach> breaches;
    if (input.maxlength != 0 && count_code_points(text) > input.maxlength) {
        breaches.push_back({"maxlength", "is longer than maxlength " + std::to_string(input.maxlength) +
                                             ": " + show_value(text, input.sensitive)});
    }
    if (!input.validation.accepts(text)) {
        std::string message = "breaks validation " + quote_bytes(input.validation.text());
        if (input.validation.validator() != Validator::regex) {
            message += ", which asks for " + input.validation.describe();
        }
        breaches.push_back({"validation", message + ": " + show_value(text, input.sensitive)});
    }
    return breaches;
}

/// Equal by type and value: nlohmann's own comparison takes 1 and 1.0 for equal.
bool is_same_value(const Json& left, const Json& right) {
    return left.is_number_float() == right.is_number_float() && left == right;
}

std::vector<Breach> check_list(const Input& input, const Json& value) {
    const bool found = std::any_of(input.list.begin(), input.list.end(),
                                   [&](const Json& allowed) { return is_same_value(allowed, value); });
    if (found) return {};
    std::string message = "must be one of the list " + join(text_forms(input.list), ", ") + ", not " +
                          show_value(value, input.sensitive);
    return {{"list", std::move(message)}};
}

}  // namespace

std::vector<Breach> check_value(const Input& input, Json& value) {
    std::vector<Breach> breaches = check_type(input.type, value, input.sensitive);
    if (!breaches.empty()) return breaches;
    if (input.type == Type::string) breaches = check_text(input, value.get_ref<const std::string&>());
    if (input.type == Type::list) breaches = check_list(input, value);
    if (breaches.empty() && !input.puppet_type.accepts(value)) {
        breaches.push_back({"puppet_type", "is not of the type " + escape_text(input.puppet_type.text()) +
                                               ": " + show_value(value, input.sensitive)});
    }
    return breaches;
}

std::vector<Breach> check_value(const Output& output, Json& value) {
    if (!output.type || value.is_null()) return {};
    return check_type(*output.type, value, output.sensitive);
}

std::string show_value(const Json& value, bool sensitive) {
    if (sensitive) return "***";
    if (value.is_string()) return quote_bytes(value.get_ref<const std::string&>(), k_shown_bytes);
    const std::string text = dump_json(value);
    std::string shown = escape_text(text.substr(0, k_shown_bytes));
    if (text.size() > k_shown_bytes) shown += "…";
    return value.is_array() ? "the array " + shown : value.is_object() ? "the object " + shown : shown;
}

std::string text_form(const Json& value) {
    return value.is_string() ? value.get<std::string>() : dump_json(value);
}

std::vector<std::string> text_forms(const std::vector<Json>& list) {
    std::vector<std::string> texts;
    texts.reserve(list.size());
    std::transform(list.begin(), list.end(), std::back_inserter(texts), text_form);
    return texts;
}

}  // namespace hocket::ddl
