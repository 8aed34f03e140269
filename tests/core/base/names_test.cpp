#include "core/base/names.h"

#include <gtest/gtest.h>
#include <string>

namespace hocket {
namespace {

TEST(Names, AgentIsLowerCaseDigitsAndUnderscore) {
    EXPECT_TRUE(is_agent_name("disk_2"));
    for (const char* text : {"", "Disk", "a-b", "a.b", "a b", "a\n", "a*", ">", "é"})
        EXPECT_FALSE(is_agent_name(text)) << text;
    EXPECT_TRUE(is_agent_name(std::string(64, 'a')));
    EXPECT_FALSE(is_agent_name(std::string(65, 'a')));
}

TEST(Names, NothingPassesThatInjectsIntoASubject) {
    const std::string injection = "x 0\r\n\r\nPUB secret 3\r\npwn\r\nPUB y";
    EXPECT_FALSE(is_agent_name(injection));
    EXPECT_FALSE(is_identity(injection));
    EXPECT_FALSE(is_collective_name(injection));
    EXPECT_FALSE(is_caller("psk=" + injection));
}

TEST(Names, IdentityIsLabelsJoinedBySingleDots) {
    for (const char* text : {"web1", "web1.example", "a-b_c.d", "-x"})
        EXPECT_TRUE(is_identity(text)) << text;
    for (const char* text : {"", ".", "a.", ".a", "a..b", "Web1", "a b", "a*", "a\n", "a/b"}) {
        EXPECT_FALSE(is_identity(text)) << text;
    }
    EXPECT_FALSE(is_identity(std::string(254, 'a')));
}

TEST(Names, CallerHasASchemeAndIsAnchoredAtBothEnds) {
    for (const char* text : {"psk=ops", "cert=ana.b@example-1"})
        EXPECT_TRUE(is_caller(text)) << text;
    for (const char* text :
         {"ops", "jwt=ops", "psk=", "psk=.ops", "psk=a b", "psk=a/b", "xpsk=a", "psk=ops\n"}) {
        EXPECT_FALSE(is_caller(text)) << text;
    }
}

TEST(Names, RequestIdIsAUlid) {
    EXPECT_TRUE(is_request_id("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    EXPECT_FALSE(is_request_id("01arz3ndektsv4rrffq69g5fav"));
    EXPECT_FALSE(is_request_id("81ARZ3NDEKTSV4RRFFQ69G5FAV"));
    EXPECT_FALSE(is_request_id("01ARZ3NDEKTSV4RRFFQ69G5FAI"));
    EXPECT_FALSE(is_request_id("01ARZ3NDEKTSV4RRFFQ69G5FA"));
}

}  // namespace
}  // namespace hocket
