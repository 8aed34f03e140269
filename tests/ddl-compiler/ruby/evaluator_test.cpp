#include <gtest/gtest.h>

#include "tests/ddl-compiler/ruby/ruby_text.h"

/// What expressions become; each expectation is what Ruby 3.1 says.
namespace hocket::ddl_compiler::ruby {
namespace {

TEST(RubyEvaluator, DividesAsRubyDoes) {
    EXPECT_EQ(value_of("[-7 / 2, 7 / -2, -7 % 3, 7 % -3, -6 % 3]"), Json({-4, -4, 2, -2, 0}));
    EXPECT_EQ(value_of("[7 / 2.0, 1.5 * 2, 1 - 0.5]"), Json({3.5, 3.0, 0.5}));
    EXPECT_EQ(value_of("-9223372036854775808 % -1"), 0);
}

TEST(RubyEvaluator, RefusesWhatIsBeyond64Bits) {
    for (const char* const sum :
         {"9223372036854775807 + 1", "-9223372036854775808 - 1", "4294967296 * 4294967296", "3 ** 41",
          "-9223372036854775808 / -1", "2 ** 4611686018427387904"}) {
        EXPECT_EQ(value_of(sum), "! the result is beyond 64 bits") << sum;
    }
    EXPECT_EQ(value_of("[1 ** 9223372036854775807, 0 ** 0, (-1) ** 3, 2 ** 62]"),
              Json({1, 1, -1, 4611686018427387904}));
}

TEST(RubyEvaluator, MinusBindsLooserThanPower) {
    EXPECT_EQ(value_of("[-2 ** 2, (-2) ** 2, 2 ** 3 ** 2, 2 * -3, - 4, +5, --6]"),
              Json({-4, 4, 512, -6, -4, 5, 6}));
}

TEST(RubyEvaluator, WritesFloatsAsRubyDoes) {
    EXPECT_EQ(value_of(R"("#{1.0} #{100.0} #{0.0001} #{0.00001} #{1e14} #{1e15} #{1.5e300} #{-2.5}")"),
              "1.0 100.0 0.0001 1.0e-05 100000000000000.0 1.0e+15 1.5e+300 -2.5");
}

TEST(RubyEvaluator, InterpolatesSimpleValues) {
    EXPECT_EQ(value_of(R"("#{:a} #{nil}#{true} #{1 + 2} #{"x#{'y'}"} #{}")"), "a true 3 xy ");
    EXPECT_EQ(value_of(R"("#{[1]}")"), "! an array inside of a text is not read here");
}

TEST(RubyEvaluator, JunctionsGiveTheOperandThatDecides) {
    EXPECT_EQ(value_of("[nil || 'a', 'b' || 'c', nil && 'd', 1 && 'e', false || nil, !1, !nil]"),
              Json({"a", "b", nullptr, "e", nullptr, false, true}));
}

TEST(RubyEvaluator, ComparesAsRubyDoes) {
    EXPECT_EQ(value_of("['a' == 'a', :a == 'a', 1 == 1.0, nil == false, 1 != 2, [] == 'a']"),
              Json({true, false, true, false, true, false}));
}

TEST(RubyEvaluator, StripsAndChomps) {
    EXPECT_EQ(
        value_of(
            R"(["\0\t a \v\0".strip, "a\r\n".chomp, "a\n\n".chomp, "a\r".chomp, "abc".chomp("bc"), " ".strip])"),
        Json({"a", "a", "a\n", "a", "a", ""}));
}

TEST(RubyEvaluator, TranslatesCharacters) {
    EXPECT_EQ(
        value_of(
            R"(["hello".tr('a-y', 'b-z'), "hello".tr('^l', '*'), "hello".tr('el', 'ip'), "a-b".tr('a-', '_'),
                           "h-llo".tr('a\-z', 'X'), "abc".tr('a-c', ''), "abca".tr('aa', 'xy'), "äb".tr('ä', 'é')])"),
        Json({"ifmmp", "**ll*", "hippo", "__b", "hXllo", "", "ybcy", "éb"}));
}

TEST(RubyEvaluator, CaseOfSymbolsAndStrings) {
    EXPECT_EQ(value_of("['aBC d'.capitalize, :ab.upcase, 'AB'.downcase, ''.capitalize]"),
              Json({"Abc d", "AB", "ab", ""}));
}

TEST(RubyEvaluator, SubstitutesWithRubysAnchorsAndReferences) {
    EXPECT_EQ(
        value_of(
            R"(["a\nb".gsub(/^/, '> '), "apply".sub(/(p)(p)/, '[\2\1\0\\\\]'), "a.b".sub('.', '\0\0'), "aXb".sub(/x/i, '_')])"),
        Json({"> a\n> b", "a[pppp\\]ly", "a..b", "a_b"}));
}

TEST(RubyEvaluator, OffsetOfAVariableIsWhereItIsRead) {
    const Reading reading("['a'].each do |x|\n  metadata :name => x\nend\n");
    EXPECT_EQ(reading.tree()->members.at(0).value.members.at(0).value.offset, reading.text().find("x\nend"));
}

}  // namespace
}  // namespace hocket::ddl_compiler::ruby
