#include "core/wire/request_id.h"

#include <string_view>

#include "core/crypto/random.h"

namespace hocket::wire {

std::string new_request_id(std::int64_t wall_ms) {
    constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string id;
    id.reserve(26);
    for (int shift = 45; shift >= 0; shift -= 5) {
        id.push_back(alphabet[static_cast<std::size_t>((wall_ms >> shift) & 31)]);
    }
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char byte : crypto::random_bytes(10)) {
        buffer = (buffer << 8U) | static_cast<unsigned char>(byte);
        for (bits += 8; bits >= 5;) {
            bits -= 5;
            id.push_back(alphabet[(buffer >> bits) & 31U]);
        }
    }
    return id;
}

}  // namespace hocket::wire
