#include "ddl-compiler/back_ends/cpp_text.h"

#include <gtest/gtest.h>

#include "core/base/text.h"

namespace hocket::ddl_compiler {
namespace {

TEST(CppComment, IsIndented) {
    EXPECT_EQ(cpp_comment("How full it is", 4), "    /// How full it is\n");
    EXPECT_EQ(cpp_comment(" \n ", 4), "");
}

TEST(CppComment, KeepsParagraphs) {
    EXPECT_EQ(cpp_comment("One.\n\n  Two\tthree.\n", 0), "/// One.\n///\n/// Two three.\n");
}

TEST(CppComment, LongLinesAreWrapped) {
    std::string text;
    for (int i = 0; i < 60; ++i)
        text += "word ";
    const std::string comment = cpp_comment(text, 8);
    for (const std::string& line : split(comment, '\n'))
        EXPECT_LE(line.size(), k_cpp_columns);
    EXPECT_TRUE(comment.starts_with("        /// word word "));
    EXPECT_TRUE(comment.ends_with("word\n"));
}

TEST(CppComment, NothingEndsIt) {
    EXPECT_EQ(cpp_comment("a */ b **/", 0), "/// a * / b ** /\n");
    EXPECT_EQ(cpp_comment("a\\\nb", 0), "/// a\\ .\n/// b\n");
    EXPECT_EQ(cpp_comment("a?\?/\nb", 0), "/// a?\?/ .\n/// b\n");
    EXPECT_EQ(cpp_comment("a\rb\vc", 0), "/// a\\rb\\x0bc\n");
    EXPECT_EQ(cpp_comment("a\u202e", 0), "/// a\\u202e\n");
}

TEST(CppLiteral, IsEscaped) {
    EXPECT_EQ(cpp_literal(R"(a "b" \)"), R"("a \"b\" \\")");
    EXPECT_EQ(cpp_literal("a\nb\t"), R"("a\nb\t")");
    EXPECT_EQ(cpp_literal("?\?/"), R"("?\?/")");
    EXPECT_EQ(cpp_literal("\x01"
                          "1"),
              R"("\0011")");
}

TEST(CppLiteral, LettersOfAllAlphabetsStayUnlessTheyCannotBeSeen) {
    EXPECT_EQ(cpp_literal("größe"), "\"größe\"");
    EXPECT_EQ(cpp_literal("\u202eé"), R"("\342\200\256\303\251")");
}

TEST(CppLiteral, AZeroByteDoesNotEndIt) {
    EXPECT_EQ(cpp_literal(std::string("a\0b", 3)), R"(std::string_view("a\000b", 3))");
}

}  // namespace
}  // namespace hocket::ddl_compiler
