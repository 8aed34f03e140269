#include "core/crypto/ed25519.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "core/base/encoding.h"
#include "core/crypto/asymmetric_key.h"

namespace hocket::crypto {
namespace {

/// RFC 8032 §7.1, test 2.
constexpr Ed25519PrivateKey::Bytes k_seed_and_public_key = {
    0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f,
    0x5b, 0x8a, 0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb,
    0x3d, 0x40, 0x17, 0xc3, 0xe8, 0x43, 0x89, 0x5a, 0x92, 0xb7, 0x0a, 0xa7, 0x4d, 0x1b, 0x7e, 0xbc,
    0x9c, 0x98, 0x2c, 0xcf, 0x2e, 0xc4, 0x96, 0x8c, 0xc0, 0xcd, 0x55, 0xf1, 0x2a, 0xf4, 0x66, 0x0c};
constexpr std::string_view k_signature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

TEST(Ed25519, SignsAsTheRfcSays) {
    Ed25519PrivateKey::Bytes bytes = k_seed_and_public_key;
    Ed25519PublicKey public_key{};
    std::copy(bytes.begin() + 32, bytes.end(), public_key.begin());
    const std::string signature = Ed25519PrivateKey(bytes).sign("\x72");
    EXPECT_EQ(hex_encode(signature), k_signature);
    EXPECT_TRUE(verify_ed25519(public_key, "\x72", signature));
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
