#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hocket::wire {

/// A new ULID: 48 bits of time in milliseconds, 80 bits from the system's generator, 26 Crockford characters.
std::string new_request_id(std::int64_t wall_ms);

/// The same 128 bits as 32 lower-case hexadecimal digits, for programs that expect those.
std::string hex_of_request_id(std::string_view id);

}  // namespace hocket::wire
