#include "ddl-compiler/ruby/pattern.h"

#include <gtest/gtest.h>

namespace hocket::ddl_compiler::ruby {
namespace {

std::string re2(std::string_view source, std::string_view flags = "") {
    const Result<Pattern> pattern = read_pattern(source, flags);
    return pattern ? pattern->text : "! " + pattern.error().message;
}

std::string anchors(std::string_view source, std::string_view flags = "") {
    const Pattern pattern = read_pattern(source, flags).value();
    return std::string(pattern.has_line_start ? "^" : "") + (pattern.has_line_end ? "$" : "");
}

TEST(RubyPattern, FlagsStandInFront) {
    EXPECT_EQ(re2("a", "i"), "(?i)a");
    EXPECT_EQ(re2("a.b", "m"), "(?s)a.b");
    EXPECT_EQ(re2("a", "mix"), "(?is)a");
}

TEST(RubyPattern, ExtendedLeavesBlanksAndCommentsOut) {
    EXPECT_EQ(re2("a b # note ]\n [c #] \\  \\# d", "x"), "ab[c #]\\ \\#d");
    EXPECT_EQ(re2("a # end", "x"), "a");
    EXPECT_EQ(re2("a b # c"), "a b # c");
}

TEST(RubyPattern, FlagsOfGroupsAreTranslated) {
    EXPECT_EQ(re2("(?m)a"), "(?s)a");
    EXPECT_EQ(re2("(?i-m:a)"), "(?i-s:a)");
    EXPECT_EQ(re2("(?-mix:a)"), "(?-is:a)");
    EXPECT_EQ(re2("(?-x)a(?-x:b)"), "a(?:b)");
    EXPECT_EQ(re2("(?x:a )"), "! the flag x of a part of a pattern is not read here");
}

TEST(RubyPattern, OtherSpellingsAreTranslated) {
    EXPECT_EQ(re2("(?<n>a){,3}(?#note)b{2,}c{,}"), "(?P<n>a){0,3}b{2,}c{,}");
    EXPECT_EQ(re2("(?<=a)(?=b)(?:c)"), "(?<=a)(?=b)(?:c)");
}

TEST(RubyPattern, EndsOfLinesAsHocketcWritesThemAreReadAgain) {
    EXPECT_EQ(re2("(?<![^\\n])a(?![^\\n])"), "(?m:^)a(?m:$)");
    EXPECT_EQ(anchors("(?<![^\\n])a(?![^\\n])"), "");
    EXPECT_EQ(re2("(?<![^\\r])a(?!\\n)"), "(?<![^\\r])a(?!\\n)");
}

TEST(RubyPattern, RefusesClassesThatMeanSomethingElse) {
    EXPECT_EQ(re2("[a[b]]"), "! a class inside of a class is not in RE2: write one class");
    EXPECT_EQ(re2("[a-z&&^b]"), "! `&&` in a class is not in RE2: write the characters out");
    EXPECT_EQ(re2("[]a[:alpha:]\\[\\]]&&"), "[]a[:alpha:]\\[\\]]&&");
}

TEST(RubyPattern, AnchorsAreFoundOutsideOfClassesAndEscapes) {
    EXPECT_EQ(anchors("^a$"), "^$");
    EXPECT_EQ(anchors("[^$a]\\^\\$"), "");
    EXPECT_EQ(anchors("a|^b"), "^");
    EXPECT_EQ(anchors("a # $\n", "x"), "");
}

TEST(RubyPattern, WhatIsNotClosedIsLeftAsItIs) {
    for (const char* const source :
         {"[", "[^", "[a", "(?", "(?<", "(?#", "{", "{,", "{,1", "\\", "(?mi", "[\\"}) {
        EXPECT_TRUE(read_pattern(source, "x")) << source;
    }
}

}  // namespace
}  // namespace hocket::ddl_compiler::ruby
