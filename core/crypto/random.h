#pragma once

#include <cstddef>
#include <string>

namespace hocket::crypto {

/// Bytes from the system's generator (getrandom). Aborts when the kernel has none: nothing may go on without.
std::string random_bytes(std::size_t count);

}  // namespace hocket::crypto
