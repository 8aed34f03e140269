#pragma once

#include <cstdint>
#include <string>

namespace hocket::wire {

/// A new ULID: 48 bits of time in milliseconds, 80 bits from the system's generator, 26 Crockford characters.
std::string new_request_id(std::int64_t wall_ms);

}  // namespace hocket::wire
