#pragma once

#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/json.h"

namespace hocket {

/// JSON that may hold secrets: a caller's inputs. It turns into no text, no log field and no other JSON by itself, so that none
/// leaks by oversight; ddl::redact() makes of it what may be written down.
class HiddenJson {
public:
    HiddenJson() : values_(Json::object()) {}
    HiddenJson(Json values) : values_(std::move(values)) {}
    HiddenJson(Json::initializer_list_t values) : values_(values) {}

    /// For those whom it is meant for: the signed message, the check against the DDL, the agent. Nobody else.
    const Json& reveal() const { return values_; }

    bool operator==(const HiddenJson&) const = default;

private:
    Json values_;
};

}  // namespace hocket
