#pragma once

#include <string_view>

#include "core/base/json.h"
#include "core/base/result.h"

namespace hocket::node {

/// One YAML document that is a mapping; nothing at all is an empty one. A plain scalar is null, a boolean or
/// a number exactly where JSON has that value (True, TRUE, ~ and the like are accepted too); so `no`, `on`,
/// `0755` and `1_000` are texts. Aliases are followed within limits; duplicate keys are refused.
/// Errors: malformed_message, with the line.
Result<Json> parse_yaml_facts(std::string_view text);

}  // namespace hocket::node
