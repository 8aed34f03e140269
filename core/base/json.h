#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "core/base/result.h"

namespace hocket {

using Json = nlohmann::json;

struct JsonLimits {
    std::size_t max_bytes = 8U << 20U;
    std::size_t max_depth = 32;
};

/// Reads exactly one JSON object, strictly: UTF-8 without BOM, nothing but white space around it, no duplicate key
/// (after unescaping), no deeper than the limit. An integer outside of int64 becomes a float; who wants an integer
/// refuses it there (spec/protocol.md, messages).
///
/// Errors: malformed_message with the byte offset; oversized_message.
Result<Json> parse_json_object(std::string_view text, const JsonLimits& limits = {});

/// The same for any JSON value.
Result<Json> parse_json_value(std::string_view text, const JsonLimits& limits = {});

/// Compact text. Never throws: bytes that are not UTF-8 become U+FFFD.
std::string dump_json(const Json& value);

/// Indented text for people. Never throws.
std::string dump_json_pretty(const Json& value);

/// Whether a number lies within ±(2^53 − 1) and has no fraction: an integer of the protocol.
bool is_protocol_integer(const Json& value);

}  // namespace hocket
