#include "core/base/text.h"

#include <gtest/gtest.h>

namespace hocket {
namespace {

TEST(EscapeText, MakesTerminalEscapesVisible) {
    EXPECT_EQ(escape_text("\x1b[2Jx"), "\\x1b[2Jx");
    EXPECT_EQ(escape_text("a\nb\tc\r"), "a\\nb\\tc\\r");
    EXPECT_EQ(escape_text("\xC2\x9B"), "\\u009b");  // C1: CSI in one code point
    EXPECT_EQ(escape_text("a\xE2\x80\xAE"
                          "b"),
              "a\\u202eb");  // right-to-left override
    EXPECT_EQ(escape_text("\x7f"), "\\x7f");
}

TEST(EscapeText, KeepsOrdinaryText) {
    EXPECT_EQ(escape_text("grün 日本 \\"), "grün 日本 \\");
}

TEST(EscapeJsonText, LeavesNothingForATerminalToObey) {
    EXPECT_EQ(escape_json_text("{\"\x7f\xc2\x9b\": \"\xe2\x80\xae\",\n \"\xc3\xa4\": 1}"),
              "{\"\\u007f\\u009b\": \"\\u202e\",\n \"\xc3\xa4\": 1}");
}

TEST(EscapeText, ShowsBytesThatAreNotUtf8) {
    EXPECT_EQ(escape_text("a\xff\xC0\xAF"), "a\\xff\\xc0\\xaf");
    EXPECT_EQ(escape_text("\xED\xA0\x80"), "\\xed\\xa0\\x80");  // a surrogate
}

TEST(QuoteBytes, CutsAndSaysHowMuchThereWas) {
    EXPECT_EQ(quote_bytes("abc"), "\"abc\"");
    EXPECT_EQ(quote_bytes("abcdef", 3), "\"abc\"… (6 bytes)");
}

TEST(Utf8, ReplacesInvalidSequences) {
    EXPECT_EQ(to_utf8("a\xff"
                      "b"),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_TRUE(is_utf8("grün"));
    EXPECT_FALSE(is_utf8("\xC0\x80"));
}

TEST(Utf8, CodePointsAreCounted) {
    EXPECT_EQ(count_code_points(""), 0U);
    EXPECT_EQ(count_code_points("grün …"), 6U);
}

TEST(Nearest, FindsATypingError) {
    const std::vector<std::string> words = {"collectives", "identity", "state_dir"};
    EXPECT_EQ(nearest("identitiy", words), "identity");
    EXPECT_EQ(nearest("colectives", words), "collectives");
    EXPECT_EQ(nearest("nothing", words), "");
    EXPECT_EQ(nearest("foo", std::vector<std::string>{"ok"}), "");
    EXPECT_EQ(nearest("fo", std::vector<std::string>{"ok", "foo"}), "foo");
    EXPECT_EQ(nearest("caller_cr", std::vector<std::string>{"caller_ca", "caller_crl"}), "caller_crl");
    EXPECT_EQ(nearest("caller_cr", std::vector<std::string>{"caller_crl", "caller_ca"}), "caller_crl");
}

TEST(Split, KeepsEmptyParts) {
    EXPECT_EQ(split("a..b", '.'), (std::vector<std::string>{"a", "", "b"}));
    EXPECT_EQ(split("", '.'), std::vector<std::string>{""});
}

TEST(Join, GivesBackWhatWasSplit) {
    for (const char* text : {"a..b", ".a", "a.", "..", "a", ""})
        EXPECT_EQ(join(split(text, '.'), "."), text);
    EXPECT_EQ(join({}, "."), "");
}

TEST(Trim, TakesBlanksFromBothEnds) {
    EXPECT_EQ(trim(" \ta b\r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
}

}  // namespace
}  // namespace hocket
