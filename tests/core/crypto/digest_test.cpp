#include "core/crypto/digest.h"

#include <gtest/gtest.h>

#include "core/base/encoding.h"
#include "core/crypto/random.h"
#include "core/crypto/running_digest.h"

namespace hocket::crypto {
namespace {

TEST(Sha256, GivesTheVectorOfFips180) {
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(RunningDigest, GivesTheVectorsInParts) {
    RunningDigest md5(RunningDigest::Kind::md5);  // RFC 1321, A.5
    RunningDigest sha256(RunningDigest::Kind::sha256);
    for (const char* const part : {"a", "", "bc"}) {
        md5.add(part);
        sha256.add(part);
    }
    EXPECT_EQ(md5.hexadecimal(), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(sha256.hexadecimal(), sha256_hex("abc"));
    EXPECT_EQ(md5.hexadecimal(), "");
}

TEST(HmacSha256, GivesTheVectorOfRfc4231) {
    const Secret key("Jefe");
    EXPECT_EQ(hex_encode(hmac_sha256(key, {"what do ya want ", "for nothing?"})),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(HkdfSha256, GivesTheVectorOfRfc5869WithoutSalt) {
    // Test case 3: its first 32 bytes of output.
    const Secret key(std::string(22, '\x0b'));
    EXPECT_EQ(hex_encode(hkdf_sha256(key, "").expose()),
              "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST(HkdfSha256, GivesAnotherKeyForAnotherPurpose) {
    const Secret key(std::string(32, 'k'));
    EXPECT_NE(hkdf_sha256(key, "a").expose(), hkdf_sha256(key, "b").expose());
}

TEST(ConstantTimeEqual, ComparesLengthAndBytes) {
    EXPECT_TRUE(constant_time_equal("abc", "abc"));
    EXPECT_FALSE(constant_time_equal("abc", "abd"));
    EXPECT_FALSE(constant_time_equal("abc", "ab"));
}

TEST(Secret, LeavesNothingInTheOneItIsMovedFrom) {
    Secret from("short key");
    const Secret to(std::move(from));
    EXPECT_EQ(to.expose(), "short key");
    EXPECT_EQ(from.expose(), "");  // NOLINT(bugprone-use-after-move): that is what is tested
}

TEST(RandomBytes, AreNotTheSameTwice) {
    EXPECT_NE(random_bytes(32), random_bytes(32));
}

}  // namespace
}  // namespace hocket::crypto
