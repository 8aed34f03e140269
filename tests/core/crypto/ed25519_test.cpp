#include "core/crypto/ed25519.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "core/base/encoding.h"
#include "core/crypto/asymmetric_key.h"

namespace hocket::crypto {
namespace {

/// RFC 8032 §7.1, test 2.
constexpr std::string_view k_private_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
    "-----END PRIVATE KEY-----\n";
constexpr std::string_view k_signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(Ed25519, SignsAsTheRfcSays) {
    const PrivateKey key = PrivateKey::from_pem(k_private_key).value();
    const std::string signature = key.sign(SignatureAlgorithm::eddsa, "\x72");
    EXPECT_EQ(hex_encode(signature), k_signature);
    EXPECT_TRUE(key.public_key().verify(SignatureAlgorithm::eddsa, "\x72", signature));
}

TEST(Ed25519, KeyIsTakenAway) {
    Ed25519PrivateKey::Bytes bytes;
    bytes.fill(7);
    const Ed25519PrivateKey key(bytes);
    EXPECT_TRUE(std::ranges::all_of(bytes, [](unsigned char byte) { return byte == 0; }));
}

/// With such a key one signature would be good for every message (RFC 8032 §5.1.7 leaves that to us).
TEST(Ed25519, KeyOfSmallOrderVerifiesNothing) {
    const Ed25519PublicKey neutral = {1};
    std::string signature(64, '\0');
    signature[0] = 1;
    EXPECT_FALSE(verify_ed25519(neutral, "message", signature));
}

/// S + L is the same number in the group, and no signature (RFC 8032 §5.1.7: S is below L).
TEST(Ed25519, SignatureHasOneForm) {
    const PrivateKey key = PrivateKey::generate(KeyType::ed25519);
    std::string signature = key.sign(SignatureAlgorithm::eddsa, "message");
    constexpr std::array<unsigned, 32> order = {
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
        0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    unsigned carry = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        carry += static_cast<unsigned char>(signature[32 + i]) + order[i];
        signature[32 + i] = static_cast<char>(carry & 0xffU);
        carry >>= 8U;
    }
    EXPECT_FALSE(key.public_key().verify(SignatureAlgorithm::eddsa, "message", signature));
}

}  // namespace
}  // namespace hocket::crypto
