#pragma once

#include <string_view>

namespace hocket::transport {

/// NATS's rule: `*` stands for one token, a last `>` for one or more.
bool subject_matches(std::string_view pattern, std::string_view subject);

}  // namespace hocket::transport
