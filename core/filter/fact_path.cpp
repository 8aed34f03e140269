#include "core/filter/fact_path.h"

#include <charconv>

#include <nlohmann/json.hpp>

namespace hocket::filter {

namespace {

const Json* find_in_object(const Json& object, std::string_view path) {
    for (std::size_t end = path.size(); end != std::string_view::npos;) {
        const auto member = object.find(path.substr(0, end));
        if (member != object.end()) {
            if (end == path.size()) return &*member;
            if (const Json* found = find_fact(*member, path.substr(end + 1))) return found;
        }
        end = end == 0 ? std::string_view::npos : path.rfind('.', end - 1);
    }
    return nullptr;
}

const Json* find_in_array(const Json& array, std::string_view path) {
    const std::size_t dot = path.find('.');
    const std::string_view part = path.substr(0, dot);
    std::size_t index = 0;
    const std::from_chars_result result = std::from_chars(part.data(), part.data() + part.size(), index);
    const bool is_index = result.ec == std::errc{} && result.ptr == part.data() + part.size();
    const bool has_leading_zero = part.size() > 1 && part.front() == '0';
    if (!is_index || has_leading_zero || index >= array.size()) return nullptr;
    return dot == std::string_view::npos ? &array[index] : find_fact(array[index], path.substr(dot + 1));
}

}  // namespace

const Json* find_fact(const Json& facts, std::string_view path) {
    if (facts.is_object()) return find_in_object(facts, path);
    if (facts.is_array()) return find_in_array(facts, path);
    return nullptr;
}

}  // namespace hocket::filter
