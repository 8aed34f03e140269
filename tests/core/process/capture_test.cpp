#include "core/process/capture.h"

#include <gtest/gtest.h>

namespace hocket::process {

namespace {

TEST(Capped, KeepsNoMoreThanItsLimit) {
    Capped capped(4);
    capped.append("abc");
    EXPECT_FALSE(capped.over());
    capped.append("def");
    EXPECT_TRUE(capped.over());
    EXPECT_EQ(capped.take(), "abcd");
}

TEST(Capped, KeepsNothingOnceTaken) {
    Capped capped(4);
    EXPECT_FALSE(capped.any());
    capped.append("ab");
    EXPECT_EQ(capped.take(), "ab");
    capped.append("cd");
    EXPECT_TRUE(capped.any());
    EXPECT_EQ(capped.take(), "");
}

std::string excerpt_of(std::string_view text, std::size_t head, std::size_t tail, std::size_t piece) {
    HeadAndTail captured(head, tail);
    for (std::size_t at = 0; at < text.size(); at += piece)
        captured.append(text.substr(at, piece));
    return captured.excerpt().text;
}

TEST(HeadAndTail, KeepsAllThatFits) {
    for (std::size_t piece = 1; piece <= 10; ++piece) {
        EXPECT_EQ(excerpt_of("0123456789", 4, 6, piece), "0123456789") << piece;
    }
}

TEST(HeadAndTail, LeavesOutTheMiddle) {
    for (std::size_t piece = 1; piece <= 10; ++piece) {
        EXPECT_EQ(excerpt_of("0123456789", 2, 3, piece), "01\n[… 5 bytes left out …]\n789") << piece;
    }
}

TEST(HeadAndTail, MayKeepOnlyOneSide) {
    EXPECT_EQ(excerpt_of("0123456789", 2, 0, 3), "01\n[… 8 bytes left out …]\n");
    EXPECT_EQ(excerpt_of("0123456789", 0, 2, 3), "\n[… 8 bytes left out …]\n89");
}

TEST(HeadAndTail, CountsEverything) {
    HeadAndTail captured(1, 1);
    EXPECT_FALSE(captured.excerpt().truncated);
    captured.append("12345");
    EXPECT_TRUE(captured.excerpt().truncated);
    EXPECT_EQ(captured.excerpt().total_bytes, 5U);
}

}  // namespace

}  // namespace hocket::process
