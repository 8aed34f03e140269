#include "ddl-compiler/back_ends/markdown.h"

#include <gtest/gtest.h>

#include "ddl-compiler/back_ends/markdown_text.h"
#include "tests/ddl-compiler/samples.h"

namespace hocket::ddl_compiler {
namespace {

TEST(Markdown, AgentIsAsInTheGoldenFile) {
    expect_written("sample.md", write_markdown(sample_agent()));
}

TEST(Markdown, DataPluginIsAsInTheGoldenFile) {
    expect_written("data.md", write_markdown(sample_data()));
}

TEST(Markdown, DiscoveryPluginIsAsInTheGoldenFile) {
    expect_written("discovery.md", write_markdown(sample_discovery()));
}

TEST(MarkdownText, MeansNothing) {
    EXPECT_EQ(markdown_line("<b>*x*</b> `y` | [z](u) ~a~ $m$ &amp; \\"),
              "\\<b\\>\\*x\\*\\</b\\> \\`y\\` \\| \\[z\\](u) \\~a\\~ \\$m\\$ \\&amp; \\\\");
}

TEST(MarkdownText, StartsNoListOrHeading) {
    EXPECT_EQ(markdown_paragraphs("# a\n- b\n12. c\n    d\n=\n+ e"),
              "\\# a\n\\- b\n12\\. c\nd\n\\=\n\\+ e\n");
}

TEST(MarkdownText, KeepsARowOfATableTogether) {
    EXPECT_EQ(markdown_line("a\n\nb\r\nc"), "a<br>b<br>c");
}

TEST(MarkdownText, MakesCodeOfBackticksAndPipes) {
    EXPECT_EQ(markdown_code("a``b|c`"), "``` a``b\\|c` ```");
}

TEST(MarkdownText, EndsABlockOnlyWithItsOwnFence) {
    EXPECT_EQ(markdown_block("```\n\ta", ""), "````\n```\n        a\n````\n");
}

TEST(MarkdownText, ShowsControlCharacters) {
    EXPECT_EQ(markdown_line("\x1B[31m"), "\\\\x1b\\[31m");
}

}  // namespace
}  // namespace hocket::ddl_compiler
