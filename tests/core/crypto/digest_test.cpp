#include "core/crypto/digest.h"

#include <gtest/gtest.h>
#include <thread>

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

TEST(HmacSha256, DoesNotDependOnWhatWasBefore) {
    const Secret key("Jefe");
    const std::string expected = hmac_sha256(key, {"what do ya want ", "for nothing?"});
    for (const std::size_t length : {1U, 64U, 65U, 1000U}) {
        hmac_sha256(Secret(std::string(length, 'k')), {std::string(length, 'm')});
        EXPECT_EQ(hmac_sha256(key, {"what do ya want for ", "nothing?"}), expected) << length;
    }
    // RFC 4231, test case 6: a key that is longer than a block.
    EXPECT_EQ(hex_encode(hmac_sha256(Secret(std::string(131, '\xaa')),
                                     {"Test Using Larger Than Block-Size Key - Hash Key First"})),
              "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, IsRightInSeveralThreadsAtOnce) {
    const auto mac_often = [](const Secret& key, const std::string& expected, int& wrong) {
        for (int i = 0; i < 2000; ++i)
            wrong += hmac_sha256(key, {"message"}) != expected ? 1 : 0;
    };
    const Secret one("one");
    const Secret other("another");
    const std::string of_one = hmac_sha256(one, {"message"});
    const std::string of_other = hmac_sha256(other, {"message"});
    int wrong[2] = {0, 0};
    std::thread thread([&] { mac_often(one, of_one, wrong[0]); });
    mac_often(other, of_other, wrong[1]);
    thread.join();
    EXPECT_EQ(wrong[0] + wrong[1], 0);
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
    // NOLINTNEXTLINE(bugprone-use-after-move,clang-analyzer-cplusplus.Move): that is what is tested
    EXPECT_EQ(from.expose(), "");
}

TEST(RandomBytes, AreNotTheSameTwice) {
    EXPECT_NE(random_bytes(32), random_bytes(32));
}

}  // namespace
}  // namespace hocket::crypto
