#include "core/wire/strict_members.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "core/base/text.h"

namespace hocket::wire {

namespace {

const Json& empty_object() {
    static const Json object = Json::object();
    return object;
}

}  // namespace

StrictMembers::StrictMembers(const Json& object, std::initializer_list<std::string_view> allowed)
    : object_(object) {
    for (const auto& [name, value] : object.items()) {
        if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
            fail(name, "is not in the protocol");
    }
}

const Json* StrictMembers::find(std::string_view name) {
    const auto found = object_.find(name);
    if (found != object_.end()) return &*found;
    fail(name, "is missing");
    return nullptr;
}

std::string StrictMembers::text(std::string_view name) {
    const Json* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_string()) {
        fail(name, "is not a string");
        return {};
    }
    return value->get<std::string>();
}

std::string StrictMembers::text(std::string_view name, bool (*valid)(std::string_view)) {
    std::string value = text(name);
    if (ok() && !valid(value)) fail(name, quote_bytes(value) + " is outside of its grammar");
    return value;
}

std::int64_t StrictMembers::integer(std::string_view name, std::int64_t minimum, std::int64_t maximum) {
    const Json* value = find(name);
    if (value == nullptr) return 0;
    if (!is_protocol_integer(*value)) {
        fail(name, "is not an integer within 2^53");
        return 0;
    }
    const auto number = value->get<std::int64_t>();
    if (number < minimum || number > maximum) {
        fail(name, std::to_string(number) + " is not within " + std::to_string(minimum) + " to " +
                       std::to_string(maximum));
    }
    return number;
}

bool StrictMembers::boolean(std::string_view name) {
    const Json* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_boolean()) {
        fail(name, "is not a boolean");
        return false;
    }
    return value->get<bool>();
}

const Json& StrictMembers::object(std::string_view name) {
    const Json* value = find(name);
    if (value == nullptr) return empty_object();
    if (!value->is_object()) {
        fail(name, "is not an object");
        return empty_object();
    }
    return *value;
}

std::vector<std::string> StrictMembers::texts(std::string_view name, bool (*valid)(std::string_view)) {
    const Json* value = find(name);
    if (value == nullptr) return {};
    if (!value->is_array()) {
        fail(name, "is not an array");
        return {};
    }
    std::vector<std::string> texts;
    texts.reserve(value->size());
    for (const Json& element : *value) {
        if (!element.is_string() || !valid(element.get_ref<const std::string&>())) {
            fail(name, "holds an element outside of its grammar");
            return {};
        }
        texts.push_back(element.get<std::string>());
    }
    return texts;
}

bool StrictMembers::has(std::string_view name) const {
    return object_.contains(name);
}

void StrictMembers::fail(std::string_view name, std::string_view reason) {
    if (!reason_.empty()) return;
    reason_ = "member '" + escape_text(name) + "' " + std::string(reason);
}

Error StrictMembers::error() const {
    return {ErrorCode::malformed_message, reason_, {}};
}

}  // namespace hocket::wire
