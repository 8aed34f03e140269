#include <gtest/gtest.h>

#include "tests/ddl-compiler/ruby/ruby_text.h"

/// Sources that nobody writes in good faith: no crash, no endless work, and a message.
namespace hocket::ddl_compiler::ruby {
namespace {

std::string repeat(std::string_view text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i)
        result += text;
    return result;
}

TEST(RubyHostile, DeepNestingIsRefusedInEveryForm) {
    for (const char* const opening :
         {"[", "(", "{:a => ", "\"#{", "!", "f(", "f ", "2 ** ", "- ", "\"#{[", "%w[a] + ["}) {
        const Reading reading("metadata :x => " + repeat(opening, 5'000));
        EXPECT_NE(reading.problems().find("nested deeper than 64 levels"), std::string::npos) << opening;
        EXPECT_FALSE(reading.tree());
    }
}

TEST(RubyHostile, DeepBlocksAreRefused) {
    for (const char* const opening :
         {"if true\n", "[1].each do\n", "action 'x' do\n", "unless false then "}) {
        const Reading reading(repeat(opening, 2'000) + repeat("end\n", 2'000));
        EXPECT_NE(reading.problems().find("nested deeper than 64 levels"), std::string::npos) << opening;
    }
}

TEST(RubyHostile, LevelsUpToTheLimitAreRead) {
    EXPECT_EQ(value_of(repeat("(", 60) + "1" + repeat(")", 60)), 1);
    EXPECT_EQ(value_of(repeat("1 + ", 5'000) + "1"), 5'001);
    EXPECT_EQ(value_of("'a'" + repeat(".upcase", 5'000)), "A");
}

TEST(RubyHostile, LoopsThatMultiplyAreNamed) {
    const std::string ten = "[1,2,3,4,5,6,7,8,9,10].each do |x|\n";
    const Reading reading("metadata :name => 'a'\n" + repeat(ten, 12) + "action x, :description => 'd'\n" +
                          repeat("end\n", 12));
    EXPECT_NE(reading.problems().find("2:1 this loop expands to more than 200000 values"), std::string::npos);
}

TEST(RubyHostile, TextThatDoublesInEachLoopIsBounded) {
    std::string source = "['aaaaaaaa'].each do |v0|\n";
    for (int i = 1; i < 60; ++i)
        source += "[\"#{v" + std::to_string(i - 1) + "}#{v" + std::to_string(i - 1) + "}\"].each do |v" +
                  std::to_string(i) + "|\n";
    const Reading reading(source + repeat("end\n", 60));
    EXPECT_NE(reading.problems().find("1:1 this loop expands to more than"), std::string::npos);
}

TEST(RubyHostile, SubstitutionsAreBounded) {
    const std::string text = "'" + std::string(4'000, 'a') + "'";
    EXPECT_EQ(value_of(text + ".gsub(/a/, '" + std::string(1'000, 'a') + "')"),
              "! the result is longer than 1048576 bytes");
    EXPECT_EQ(value_of(text + ".sub(/a+/, '" + repeat("\\0", 10'000) + "')"),
              "! the result is longer than 1048576 bytes");
    const Reading reading("metadata :x => '" + std::string(100'000, 'a') + "'" + repeat(".strip", 1000));
    EXPECT_NE(reading.problems().find("the methods of this file make more than"), std::string::npos);
}

TEST(RubyHostile, ValuesThatNestInLoopsAreRefused) {
    std::string source = "[[1]].each do |v0|\n";
    for (int i = 1; i < 40; ++i) {
        const std::string inner = "[[[v" + std::to_string(i - 1) + "]]]";
        source += "[" + inner + "].each do |v" + std::to_string(i) + "|\n";
    }
    const Reading reading(source + "metadata :x => v39\n" + repeat("end\n", 40));
    EXPECT_NE(reading.problems().find("nested deeper than 64 levels"), std::string::npos);
}

TEST(RubyHostile, AnyPrefixOfASourceIsRead) {
    const std::string source =
        "metadata :a => \"x#{%w[a b]}\\u{41}\", 'b' => <<~X, c: /[a]{,2}/mx\n  text \\x41\n  X\n"
        "[[:a, 1]].each do |x, y|\n  if !x.sub(/a/, '\\0') == -1 ** 2 || nil then\n    action x do |z| end\n"
        "  elsif 1.5e3 then\n  end\nend\n=begin\n=end\n";
    for (std::size_t size = 0; size <= source.size(); ++size) {
        const Reading reading(source.substr(0, size));
        EXPECT_TRUE(reading.tree() || !reading.problems().empty());
    }
}

TEST(RubyHostile, AnyByteAnywhereIsRead) {
    using namespace std::string_view_literals;
    const std::string source = "action \"a#{1}\", :b => [<<X, {c: 'd'}, /e/] do |f|\ng\nX\nend\n";
    for (std::size_t at = 0; at < source.size(); ++at) {
        for (const char byte : "\"'`#{}[]()|\\/<~%:;,.=&*-+!?@$ \n\r\0\x80\xFF_aD0"sv) {
            std::string changed = source;
            changed[at] = byte;
            const Reading reading(changed);
            EXPECT_TRUE(reading.tree() || !reading.problems().empty());
        }
    }
}

TEST(RubyHostile, WrongStatementsWithoutEnd) {
    for (const char* const junk : {")", "end\n", "else\n", "do ", "|", "x = 1\n", "A\n", "do |", "{", "if ",
                                   "def ", "?", "\\", "<<", "=begin"}) {
        const Reading reading(repeat(junk, 2'000));
        EXPECT_FALSE(reading.problems().empty()) << junk;
    }
}

TEST(RubyHostile, ManyActionsAreRead) {
    std::string source;
    for (int i = 0; i < 2'000; ++i)
        source += "action 'a" + std::to_string(i) + "', :description => 'd' do\n  display :ok\nend\n";
    EXPECT_EQ(Reading(source).json()["actions"].size(), 2'000U);
}

}  // namespace
}  // namespace hocket::ddl_compiler::ruby
