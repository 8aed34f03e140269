#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "core/crypto/secret.h"

namespace hocket::crypto {

/// SHA-256 (FIPS 180-4): 32 bytes.
std::string sha256(std::string_view bytes);

/// The same as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// HMAC-SHA256 (RFC 2104) over the parts one after the other: 32 bytes.
std::string hmac_sha256(const Secret& key, std::initializer_list<std::string_view> parts);

/// HKDF-SHA256 (RFC 5869) without salt: 32 bytes for that purpose.
Secret hkdf_sha256(const Secret& key, std::string_view info);

/// Compares in a time that depends on the lengths alone.
bool constant_time_equal(std::string_view left, std::string_view right);

}  // namespace hocket::crypto
