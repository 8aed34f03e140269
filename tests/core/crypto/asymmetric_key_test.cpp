#include "core/crypto/asymmetric_key.h"

#include <array>
#include <cstdlib>
#include <gtest/gtest.h>

#include "core/crypto/certificate.h"
#include "tests/support/temporary_folder.h"

namespace hocket::crypto {
namespace {

struct Case {
    SignatureAlgorithm algorithm;
    KeyType type;
};

constexpr std::array k_cases = {
    Case{SignatureAlgorithm::eddsa, KeyType::ed25519}, Case{SignatureAlgorithm::es256, KeyType::p256},
    Case{SignatureAlgorithm::ps256, KeyType::rsa}, Case{SignatureAlgorithm::rs256, KeyType::rsa}};

class AsymmetricKey : public testing::TestWithParam<Case> {
protected:
    PrivateKey key_ = PrivateKey::generate(GetParam().type, k_min_rsa_bits);
};

TEST_P(AsymmetricKey, VerifiesWhatItsPrivateKeySigned) {
    const std::string signature = key_.sign(GetParam().algorithm, "message");
    EXPECT_TRUE(key_.public_key().verify(GetParam().algorithm, "message", signature));
    EXPECT_FALSE(key_.public_key().verify(GetParam().algorithm, "messagf", signature));
    EXPECT_FALSE(PrivateKey::generate(GetParam().type, k_min_rsa_bits)
                     .public_key()
                     .verify(GetParam().algorithm, "message", signature));
}

TEST_P(AsymmetricKey, RefusesASignatureWithAnyByteChangedOrMissing) {
    const std::string signature = key_.sign(GetParam().algorithm, "message");
    for (std::size_t i = 0; i < signature.size(); ++i) {
        std::string changed = signature;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(key_.public_key().verify(GetParam().algorithm, "message", changed)) << i;
    }
    EXPECT_FALSE(key_.public_key().verify(GetParam().algorithm, "message", signature.substr(1)));
    EXPECT_FALSE(key_.public_key().verify(GetParam().algorithm, "message", signature + '\0'));
    EXPECT_FALSE(key_.public_key().verify(GetParam().algorithm, "message", ""));
}

TEST(RsaSignature, IsRefusedWithoutItsFirstByteAlsoWhenThatIsZero) {
    const PrivateKey key = PrivateKey::generate(KeyType::rsa, k_min_rsa_bits);
    std::string signature;
    do {  // each has a salt of its own
        signature = key.sign(SignatureAlgorithm::ps256, "message");
    } while (signature[0] != '\0');
    EXPECT_TRUE(key.public_key().verify(SignatureAlgorithm::ps256, "message", signature));
    EXPECT_FALSE(key.public_key().verify(SignatureAlgorithm::ps256, "message", signature.substr(1)));
}

TEST_P(AsymmetricKey, RefusesAnAlgorithmOfAnotherKeyOrPadding) {
    const std::string signature = key_.sign(GetParam().algorithm, "message");
    for (const Case& other : k_cases) {
        if (other.algorithm == GetParam().algorithm) continue;
        EXPECT_FALSE(key_.public_key().verify(other.algorithm, "message", signature))
            << to_string(other.algorithm);
    }
}

TEST_P(AsymmetricKey, SurvivesPem) {
    const PrivateKey read = PrivateKey::from_pem(key_.to_pem().expose()).value();
    EXPECT_EQ(read.public_key(), key_.public_key());
    EXPECT_TRUE(key_.public_key().verify(GetParam().algorithm, "m", read.sign(GetParam().algorithm, "m")));
}

INSTANTIATE_TEST_SUITE_P(Every, AsymmetricKey, testing::ValuesIn(k_cases),
                         [](const auto& each) { return std::string(to_string(each.param.algorithm)); });

TEST(AsymmetricKey, HasAFixedFormOfEcdsaSignatures) {
    const PrivateKey key = PrivateKey::generate(KeyType::p256);
    for (int i = 0; i < 50; ++i)  // r or s is short in one of 128
        EXPECT_EQ(key.sign(SignatureAlgorithm::es256, std::to_string(i)).size(), 64U);
}

TEST(PrivateKeyFile, IsRefusedWhenOthersMayReadIt) {
    const test::TemporaryFolder folder;
    const std::string pem(PrivateKey::generate(KeyType::ed25519).to_pem().expose());
    EXPECT_TRUE(PrivateKey::read(folder.write("private", pem, 0600)));
    const auto refused = PrivateKey::read(folder.write("public", pem, 0644));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_key);
}

/// Keys of other makers.
class OddKeys : public testing::Test {
protected:
    static void SetUpTestSuite() {
        const std::string command =
            std::string("/usr/bin/python3 ") + HOCKET_ODD_KEYS_SCRIPT + ' ' + folder().path().string();
        ASSERT_EQ(std::system(command.c_str()), 0);
    }

    static const test::TemporaryFolder& folder() {
        static const test::TemporaryFolder made;
        return made;
    }

    static std::string refusal_of(const std::string& name) {
        const auto key = PrivateKey::read(folder() / name);
        return key ? "" : key.error().message.substr((folder() / name).string().size());
    }
};

TEST_F(OddKeys, AreRefusedByTypeAndSize) {
    constexpr const char* accepted = "; accepted are Ed25519, P-256, and RSA of 2048 to 4096 bits";
    EXPECT_EQ(refusal_of("p384.key"), std::string(": the key is one on the curve secp384r1") + accepted);
    EXPECT_EQ(refusal_of("rsa1024.key"), std::string(": the key is RSA of 1024 bits") + accepted);
    EXPECT_EQ(refusal_of("ed448.key"), std::string(": the key is of type ED448") + accepted);
}

TEST_F(OddKeys, AreRefusedWhenTheyNeedAPassphrase) {
    EXPECT_EQ(
        refusal_of("encrypted.key"),
        ": the key is encrypted, and nobody is there to be asked for its passphrase; make a file without "
        "one: openssl pkey -in OLD -out NEW");
}

TEST_F(OddKeys, AreRefusedWhenTheyAreNone) {
    folder().write("text.key", "no key", 0600);
    EXPECT_EQ(refusal_of("text.key"), ": not a private key in PEM form (-----BEGIN PRIVATE KEY-----)");
    EXPECT_EQ(PrivateKey::read(folder() / "none.key").error().code, ErrorCode::invalid_key);
}

TEST_F(OddKeys, AreRefusedInCertificates) {
    const auto certificates = Certificate::read(folder() / "rsa1024.pem");
    ASSERT_TRUE(certificates);
    EXPECT_EQ(certificates->front().public_key().error().code, ErrorCode::invalid_key);
}

}  // namespace
}  // namespace hocket::crypto
