#include "core/transport/subject_match.h"

#include <gtest/gtest.h>

namespace hocket::transport {
namespace {

TEST(SubjectMatches, FollowsTheRulesOfNats) {
    EXPECT_TRUE(subject_matches("a.b", "a.b"));
    EXPECT_TRUE(subject_matches("a.*.c", "a.b.c"));
    EXPECT_TRUE(subject_matches("a.>", "a.b.c"));
    EXPECT_FALSE(subject_matches("a.>", "a"));
    EXPECT_FALSE(subject_matches("a.*", "a.b.c"));
    EXPECT_FALSE(subject_matches("a.b", "a.b.c"));
    EXPECT_FALSE(subject_matches("a.b.c", "a.b"));
    EXPECT_TRUE(subject_matches("hocket.main.node.*.web1.example", "hocket.main.node.disk.web1.example"));
}

}  // namespace
}  // namespace hocket::transport
