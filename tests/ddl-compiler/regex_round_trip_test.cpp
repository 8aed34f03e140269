// A pattern as hocketc writes it for MCollective, read again: it takes and refuses the same texts.

#include <algorithm>
#include <gtest/gtest.h>

#include "core/base/regex.h"
#include "ddl-compiler/back_ends/ruby_regex.h"
#include "ddl-compiler/ruby/pattern.h"
#include "tests/ddl-compiler/pattern_cases.h"

namespace hocket::ddl_compiler {
namespace {

constexpr unsigned k_seed = 20261128;
constexpr int k_patterns_by_chance = 4000;
constexpr int k_texts_by_chance = 12;

Result<std::string> read_again(const std::string& literal) {
    const std::size_t end = literal.rfind('/');
    const auto read = ruby::read_pattern(std::string_view(literal).substr(1, end - 1),
                                         std::string_view(literal).substr(end + 1));
    if (!read) return read.error();
    return read->text;
}

void expect_the_same(const std::string& pattern, const std::vector<std::string>& texts) {
    const Result<Regex> before = Regex::compile(pattern);
    if (!before) return;
    const std::string literal = ruby_regex(pattern);
    const Result<std::string> again = read_again(literal);
    ASSERT_TRUE(again) << pattern << "  " << literal << "  " << again.error().message;
    const Result<Regex> after = Regex::compile(*again);
    ASSERT_TRUE(after) << pattern << "  " << literal << "  " << *again << "  " << after.error().message;
    for (const std::string& text : texts)
        EXPECT_EQ(before->search(text), after->search(text))
            << pattern << "  " << literal << "  " << *again << "  <" << text << ">";
}

TEST(RegexRoundTrip, OfKnownPatterns) {
    for (const std::string& pattern : known_patterns())
        expect_the_same(pattern, known_texts());
}

TEST(RegexRoundTrip, OfPatternsByChance) {
    Chance chance(k_seed);
    for (int made = 0; made < k_patterns_by_chance; ++made) {
        const std::string pattern = any_pattern(chance);
        std::vector<std::string> texts(k_texts_by_chance);
        std::generate(texts.begin(), texts.end(), [&chance] { return any_text(chance); });
        expect_the_same(pattern, texts);
    }
}

}  // namespace
}  // namespace hocket::ddl_compiler
