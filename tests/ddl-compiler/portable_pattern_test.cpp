#include "ddl-compiler/back_ends/portable_pattern.h"

#include <gtest/gtest.h>

namespace hocket::ddl_compiler {
namespace {

std::string portable(std::string_view re2) {
    return portable_pattern(re2).value_or("none");
}

TEST(PortablePattern, KeepsWhatEveryDialectReadsAlike) {
    for (const char* const pattern :
         {"", "^(start|stop)", "^[a-z][a-z0-9]{0,30}", "a\\.b", "äö|ü", "x{2,}", "(?:ab)+"})
        EXPECT_EQ(portable(pattern), pattern);
}

TEST(PortablePattern, EndsAtTheEndOfTheText) {
    EXPECT_EQ(portable("^a$"), "^a(?![\\s\\S])");
    EXPECT_EQ(portable("\\Aa\\z"), "^a(?![\\s\\S])");
}

TEST(PortablePattern, KnowsLinesOnlyWhenAsked) {
    EXPECT_EQ(portable("(?m)^a$"), "(?:^|(?<=\\n))a(?:(?=\\n)|(?![\\s\\S]))");
    EXPECT_EQ(portable("(?m:^)a$"), "(?:(?:^|(?<=\\n)))a(?![\\s\\S])");
}

TEST(PortablePattern, LetsADotBeWhatItIs) {
    EXPECT_EQ(portable("."), "[^\\n]");
    EXPECT_EQ(portable("(?s)."), "[\\s\\S]");
    EXPECT_EQ(portable("(?s:.)."), "(?:[\\s\\S])[^\\n]");
}

TEST(PortablePattern, WritesPerlClassesOut) {
    EXPECT_EQ(portable("\\d\\D"), "[0-9][^0-9]");
    EXPECT_EQ(portable("\\s\\S"), "[\\t\\n\\f\\r ][^\\t\\n\\f\\r ]");
    EXPECT_EQ(portable("\\w\\W"), "[0-9A-Za-z_][^0-9A-Za-z_]");
    EXPECT_EQ(portable("[\\w.-][^\\d]"), "[0-9A-Za-z_.\\-][^0-9]");
    EXPECT_EQ(portable("[\\s\\S][^\\D][\\W_]"), "[\\s\\S][0-9][^0-9A-Za-z]");
}

TEST(PortablePattern, HasAClassWithoutCharacters) {
    EXPECT_EQ(portable("a|[^\\s\\S]"), "a|(?:(?![\\s\\S])[\\s\\S])");
}

TEST(PortablePattern, WritesPosixClassesOut) {
    EXPECT_EQ(portable("[[:alpha:]_]"), "[A-Za-z_]");
    EXPECT_EQ(portable("[[:^digit:]]"), "[^0-9]");
    EXPECT_EQ(portable("[[:cntrl:]]"), "[\\x00-\\x1F\\x7F]");
}

TEST(PortablePattern, KeepsTheOrderOfAClassAndEscapesWhatAnyDialectReserves) {
    EXPECT_EQ(portable("[z.a/-]"), "[z.a\\/\\-]");
    EXPECT_EQ(portable("[]a^]"), "[\\]a\\^]");
    EXPECT_EQ(portable("[+--]"), "[+-\\-]");
    EXPECT_EQ(portable("[[({|a&&b]"), "[\\[\\(\\{\\|a&b]");
    EXPECT_EQ(portable("[!-&&-z]"), "[!-&\\x26-z]");
}

TEST(PortablePattern, EscapesOnlyWhatUnicodeModeLetsBeEscaped) {
    EXPECT_EQ(portable("a\\-b\\/c\\_\\@"), "a-b/c_@");
    EXPECT_EQ(portable("a{,2}]"), "a\\{,2\\}\\]");
    EXPECT_EQ(portable("a{01}"), "a\\{01\\}");
}

TEST(PortablePattern, ReadsCodes) {
    EXPECT_EQ(portable("\\x41\\x{e9}\\101\\0\\a\\v"), "AéA\\x00\\x07\\x0B");
    EXPECT_EQ(portable("[\\x{1F600}-\\x{1F64F}]"), "[😀-🙏]");
    EXPECT_EQ(portable("\\x{85}\\t"), "\\x85\\t");
}

TEST(PortablePattern, ReadsQuotes) {
    EXPECT_EQ(portable("\\Qa.b(\\E+"), "a\\.b\\(+");
    EXPECT_EQ(portable("\\Qa\\"), "a\\\\");
    EXPECT_EQ(portable("a\\Q\\E*"), "a*");
}

TEST(PortablePattern, DropsNames) {
    EXPECT_EQ(portable("(?P<user>[a-z]+)"), "([a-z]+)");
}

TEST(PortablePattern, FoldsLettersAsRe2Does) {
    EXPECT_EQ(portable("(?i)a1"), "[aA]1");
    EXPECT_EQ(portable("(?i)K"), "[Kk\u212A]");
    EXPECT_EQ(portable("(?i)[q-t]"), "[q-tQ-T\u017F]");
    EXPECT_EQ(portable("(?i)[^\\w]"), "[^0-9A-Za-z\u212A\u017F_]");
    EXPECT_EQ(portable("a(?i:b(?-i)c)d|e"), "a(?:[bB]c)d|e");
    EXPECT_EQ(portable("(a(?i)b|c)d"), "(a[bB]|[cC])d");
}

TEST(PortablePattern, PrefersNothing) {
    EXPECT_EQ(portable("a*?b+?c??d{2,3}?"), "a*b+c?d{2,3}");
    EXPECT_EQ(portable("(?U)a*"), "a*");
}

TEST(PortablePattern, RepeatsOnlyAtoms) {
    EXPECT_EQ(portable("^*$?"), "(?:^)*(?:(?![\\s\\S]))?");
    EXPECT_EQ(portable("a*\\Q\\E*"), "(?:a*)*");
}

TEST(PortablePattern, SpellsAWordBoundary) {
    EXPECT_EQ(portable("\\ba"), "(?:(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))a");
}

TEST(PortablePattern, HasNoFormForWhatDialectsDoNotShare) {
    for (const char* const pattern : {"\\pN", "\\p{Greek}", "[\\pL]", "[^\\PL]", "\\B", "\\C", "(?i)ä",
                                      "(?i)[a-ÿ]", "\\x{D800}", "(", "a**"})
        EXPECT_EQ(portable_pattern(pattern), std::nullopt) << pattern;
}

TEST(PortablePattern, StandsDeepNesting) {
    std::string pattern = "a";
    for (int depth = 0; depth < 500; ++depth)
        pattern = "(" + pattern + ")";
    EXPECT_EQ(portable(pattern), pattern);
}

}  // namespace
}  // namespace hocket::ddl_compiler
