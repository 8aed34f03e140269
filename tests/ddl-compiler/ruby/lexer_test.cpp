#include "ddl-compiler/ruby/lexer.h"

#include <gtest/gtest.h>

namespace hocket::ddl_compiler::ruby {
namespace {

using Kind = Token::Kind;

struct Lexed {
    explicit Lexed(std::string text)
        : source(std::move(text)),
          report("x.ddl", source),
          problems(report),
          result(tokenize(source, problems)) {}

    /// Each token's text, or that of its first piece; strings and regexes in their quotes.
    std::string words() const {
        std::string words;
        for (const Token& token : result.tokens) {
            const std::string piece = token.segments.empty() ? "" : token.segments.front().text;
            words += words.empty() ? "" : " ";
            if (token.kind == Kind::regex) words += "/" + piece + "/";
            if (token.kind == Kind::string) words += "'" + piece + "'";
            if (token.kind == Kind::symbol) words += ":" + piece;
            if (token.kind == Kind::label) words += piece + ":";
            if (token.kind == Kind::newline) words += token.text == ";" ? ";" : "EOL";
            if (token.kind == Kind::end) words += "END";
            if (token.segments.empty() && token.kind != Kind::newline) words += token.text;
        }
        return words;
    }

    std::string source;
    ddl::Report report;
    Problems problems;
    Tokens result;
};

std::string words(const std::string& source) {
    return Lexed(source).words();
}

TEST(RubyLexer, LinesAreJoinedWhereAStatementCannotEnd) {
    EXPECT_EQ(words("a :b,\n :c =>\n 1\nd"), "a :b , :c => 1 EOL d END");
    EXPECT_EQ(words("a \\\n :b"), "a :b END");
    EXPECT_EQ(words("a 'b'\n # note\n  .upcase\nc"), "a 'b' . upcase EOL c END");
    EXPECT_EQ(words("a 'b'\n\n  .upcase"), "a 'b' EOL . upcase END");
    EXPECT_EQ(words("a;;b\n\n\n# note\nc"), "a ; ; b EOL c END");
    EXPECT_EQ(words("a :b,;\n:c"), "a :b , ; :c END");
}

TEST(RubyLexer, SlashIsARegexWhereAValueBegins) {
    EXPECT_EQ(words("a /b/"), "a /b/ END");
    EXPECT_EQ(words("a / b"), "a / b END");
    EXPECT_EQ(words("4/2"), "4 / 2 END");
    EXPECT_EQ(words(":v => /b\\/c/"), ":v => /b/c/ END");
}

TEST(RubyLexer, BlockVariableIsAValueAndTakesNoArgument) {
    EXPECT_EQ(words("do |x|\n x -1"), "do | x | x - 1 END");
    EXPECT_FALSE(Lexed("do |x|\n x -1").result.tokens[5].begins);
    EXPECT_TRUE(Lexed("y -1").result.tokens[1].begins);
}

TEST(RubyLexer, KeywordIsANameBehindADotAndInASymbol) {
    const Lexed lexed("x.class :if\nend: 1");
    EXPECT_EQ(lexed.result.tokens[2].kind, Kind::name);
    EXPECT_EQ(lexed.words(), "x . class :if EOL end: 1 END");
}

TEST(RubyLexer, QuestionMarkEndsAName) {
    EXPECT_EQ(words("respond_to?(:a)"), "respond_to? ( :a ) END");
    EXPECT_EQ(words("a!=b"), "a != b END");
    EXPECT_EQ(words(":a? => 1"), ":a? => 1 END");
    EXPECT_EQ(words(":a?=>1"), ":a ? => 1 END");
}

TEST(RubyLexer, HeredocsOfOneLineFollowEachOther) {
    EXPECT_EQ(words("a <<X, <<-Y, 'z'\nx\nX\ny\n Y\nb"), "a 'x\n' , 'y\n' , 'z' EOL b END");
    EXPECT_EQ(words("a << b"), "a << b END");
}

TEST(RubyLexer, TextOverLinesBesideAHeredocGoesOnBehindIt) {
    EXPECT_EQ(words("a <<X, 'p\nx\nX\nq'\nb"), "a 'x\n' , 'p\nq' EOL b END");
}

TEST(RubyLexer, OffsetsAreThoseOfTheSource) {
    const Lexed lexed("  a :b => \"é\", :c");
    std::vector<std::size_t> offsets;
    for (const Token& token : lexed.result.tokens)
        offsets.push_back(token.offset);
    EXPECT_EQ(offsets, (std::vector<std::size_t>{2, 4, 7, 10, 14, 16, 18}));
}

TEST(RubyLexer, InterpolationHoldsTokensOfItsOwn) {
    const Lexed lexed(R"("a#{b "}" + {c: 1}}d")");
    ASSERT_EQ(lexed.result.tokens.front().segments.size(), 3U);
    EXPECT_EQ(lexed.result.tokens.front().segments[1].code.size(), 8U);
    EXPECT_EQ(lexed.result.tokens.front().segments[2].text, "d");
}

TEST(RubyLexer, WhatHasNoEndStopsTheScan) {
    for (const char* const source :
         {"a \"b", "a 'b", "a <<X\n", "a /b", "a %w[b", "a \"#{1", "=begin\n", "a `b", "a %q(b"}) {
        const Lexed lexed(source);
        EXPECT_FALSE(lexed.result.is_complete) << source;
        EXPECT_EQ(lexed.problems.errors(), 1U) << source;
        EXPECT_EQ(lexed.result.tokens.back().kind, Kind::end) << source;
    }
}

}  // namespace
}  // namespace hocket::ddl_compiler::ruby
