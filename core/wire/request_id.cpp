#include "core/wire/request_id.h"

#include <array>

#include "core/base/encoding.h"
#include "core/crypto/random.h"

namespace hocket::wire {

namespace {

constexpr std::string_view k_alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr unsigned k_bits_of_a_character = 5;

}  // namespace

std::string new_request_id(std::int64_t wall_ms) {
    std::string id;
    id.reserve(26);
    for (int shift = 45; shift >= 0; shift -= 5) {
        id.push_back(k_alphabet[static_cast<std::size_t>((wall_ms >> shift) & 31)]);
    }
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char byte : crypto::random_bytes(10)) {
        buffer = (buffer << 8U) | static_cast<unsigned char>(byte);
        for (bits += 8; bits >= 5;) {
            bits -= 5;
            id.push_back(k_alphabet[(buffer >> bits) & 31U]);
        }
    }
    return id;
}

/// 26 characters have two bits more than 16 bytes: the first two, which are 0.
std::string hex_of_request_id(std::string_view id) {
    std::string bytes;
    std::uint32_t buffer = 0;
    unsigned bits = 0;
    for (const char character : id) {
        buffer = (buffer << k_bits_of_a_character) | static_cast<std::uint32_t>(k_alphabet.find(character));
        bits += bytes.empty() && bits == 0 ? k_bits_of_a_character - 2 : k_bits_of_a_character;
        if (bits < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<char>((buffer >> bits) & 0xFFU));
    }
    return hex_encode(bytes);
}

}  // namespace hocket::wire
