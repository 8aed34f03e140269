#include "core/base/json_text.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <nlohmann/json.hpp>

namespace hocket {

namespace {

bool needs_no_escape(std::string_view text) {
    return std::ranges::all_of(
        text, [](char byte) { return byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\'; });
}

void append_quoted(std::string& text, std::string_view value) {
    if (needs_no_escape(value)) {
        text.append("\"").append(value).append("\"");
    } else {
        text += dump_json(Json(value));
    }
}

}  // namespace

JsonText& JsonText::add(std::string_view name, std::string_view value) {
    append_quoted(begin(name), value);
    return *this;
}

JsonText& JsonText::add(std::string_view name, std::int64_t value) {
    begin(name) += std::to_string(value);
    return *this;
}

JsonText& JsonText::add(std::string_view name, bool value) {
    begin(name) += value ? "true" : "false";
    return *this;
}

JsonText& JsonText::add(std::string_view name, std::span<const std::string> values) {
    std::string& text = begin(name);
    char separator = '[';
    for (const std::string& value : values) {
        text += std::exchange(separator, ',');
        append_quoted(text, value);
    }
    text += values.empty() ? "[]" : "]";
    return *this;
}

JsonText& JsonText::add_json(std::string_view name, const Json& value) {
    begin(name) += dump_json(value);
    return *this;
}

JsonText& JsonText::add_json(std::string_view name, JsonText object) {
    begin(name) += std::move(object).take();
    return *this;
}

std::string JsonText::take() && {
    text_ += '}';
    return std::move(text_);
}

std::string& JsonText::begin(std::string_view name) {
    assert(last_name_ < name);
    last_name_ = name;
    if (text_.size() > 1) text_ += ',';
    return text_.append("\"").append(name).append("\":");
}

}  // namespace hocket
