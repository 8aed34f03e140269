#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/json.h"

namespace hocket {

/// Writes one JSON object member by member, as dump_json() would write it, without building it first: a message is
/// written in half of the time. The members come in the order of their names, each once; a name is a literal that needs no
/// escape.
///
///     JsonText text;
///     text.add("agent", "disk").add("noop", false);
///     std::string object = std::move(text).take();  // {"agent":"disk","noop":false}
class JsonText {
public:
    /// Bytes that are not UTF-8 become U+FFFD.
    JsonText& add(std::string_view name, std::string_view value);
    JsonText& add(std::string_view name, const char* value) { return add(name, std::string_view(value)); }
    JsonText& add(std::string_view name, std::int64_t value);
    JsonText& add(std::string_view name, bool value);
    JsonText& add(std::string_view name, std::span<const std::string> values);
    JsonText& add_json(std::string_view name, const Json& value);
    JsonText& add_json(std::string_view name, JsonText object);

    std::string take() &&;

private:
    std::string& begin(std::string_view name);

    std::string text_ = "{";
    std::string_view last_name_;
};

}  // namespace hocket
