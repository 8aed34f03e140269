#include "core/base/encoding.h"

#include <gtest/gtest.h>

namespace hocket {
namespace {

TEST(Base64Url, EncodesTheVectorsOfRfc4648WithoutPadding) {
    EXPECT_EQ(base64url_encode(""), "");
    EXPECT_EQ(base64url_encode("f"), "Zg");
    EXPECT_EQ(base64url_encode("fo"), "Zm8");
    EXPECT_EQ(base64url_encode("foo"), "Zm9v");
    EXPECT_EQ(base64url_encode("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64url_encode("\xfb\xff"), "-_8");
}

TEST(Base64Url, DecodesWhatItEncodes) {
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes.push_back(static_cast<char>(i));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_EQ(base64url_decode(base64url_encode(bytes.substr(0, length))), bytes.substr(0, length));
    }
}

TEST(Base64Url, RefusesOtherFormsOfTheSameBytes) {
    EXPECT_FALSE(base64url_decode("Zh"));    // stray bits
    EXPECT_FALSE(base64url_decode("Zg=="));  // padding
    EXPECT_FALSE(base64url_decode("Z"));
    EXPECT_FALSE(base64url_decode("Zm+v"));
    EXPECT_FALSE(base64url_decode("Zm9v\n"));
}

TEST(Hex, UsesLowerCase) {
    EXPECT_EQ(hex_encode(std::string_view("\x00\xab\xff", 3)), "00abff");
}

TEST(PercentEncode, KeepsUnreservedCharactersAndThoseThatAreWanted) {
    EXPECT_EQ(percent_encode("a-Z_0.~"), "a-Z_0.~");
    EXPECT_EQ(percent_encode("a/b c%\xff"), "a%2Fb%20c%25%FF");
    EXPECT_EQ(percent_encode("a/b:", "/"), "a/b%3A");
}

}  // namespace
}  // namespace hocket
