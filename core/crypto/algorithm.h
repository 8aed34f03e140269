#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hocket::crypto {

/// The kinds of asymmetric keys that sign messages: Ed25519 (RFC 8032), ECDSA on P-256 (FIPS 186-4), RSA (RFC 8017).
enum class KeyType { ed25519, p256, rsa };

/// How a message is signed, by the names of JWS (RFC 7518, RFC 8037).
enum class SignatureAlgorithm {
    eddsa,  ///< Ed25519
    es256,  ///< ECDSA on P-256 with SHA-256: 64 bytes, r then s
    ps256,  ///< RSA-PSS with SHA-256, MGF1 with SHA-256, salt of 32 bytes
    rs256,  ///< RSA PKCS#1 v1.5 with SHA-256
};

/// RSA keys outside of these bounds are refused.
inline constexpr int k_min_rsa_bits = 2048;
inline constexpr int k_max_rsa_bits = 4096;

/// "EdDSA", "ES256", "PS256", "RS256".
std::string_view to_string(SignatureAlgorithm algorithm);
std::optional<SignatureAlgorithm> signature_algorithm_from(std::string_view name);

/// An algorithm is bound to the type of its key.
bool fits(SignatureAlgorithm algorithm, KeyType type);

/// What a key of that type signs with, unless its owner says otherwise: RSA has PS256.
SignatureAlgorithm usual_algorithm(KeyType type);

}  // namespace hocket::crypto
