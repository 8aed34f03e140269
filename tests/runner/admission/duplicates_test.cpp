#include "runner/admission/duplicates.h"

#include <gtest/gtest.h>

namespace hocket::admission {
namespace {

bool is_first(const Result<std::variant<Duplicates::First, Duplicates::Repeated>>& known) {
    return known && std::holds_alternative<Duplicates::First>(*known);
}

wire::Message reply_of(std::size_t bytes) {
    wire::Message reply;
    reply.payload.assign(bytes, 'x');
    return reply;
}

const RequestKey k_key{"psk=ops", "A"};

TEST(Duplicates, KnowsTheSameBytesAgain) {
    Duplicates store;
    EXPECT_TRUE(is_first(store.remember(k_key, "sha", 100, 0)));
    const auto again = store.remember(k_key, "sha", 100, 50);
    ASSERT_TRUE(again);
    EXPECT_EQ(std::get<Duplicates::Repeated>(*again).reply, nullptr);
}

TEST(Duplicates, GivesTheReplyBack) {
    Duplicates store;
    ASSERT_TRUE(store.remember(k_key, "sha", 100, 0));
    store.keep_reply(k_key, reply_of(3));
    EXPECT_EQ(std::get<Duplicates::Repeated>(store.remember(k_key, "sha", 100, 50).value()).reply->payload,
              "xxx");
}

TEST(Duplicates, RefusesOtherBytesUnderTheSameId) {
    Duplicates store;
    ASSERT_TRUE(store.remember(k_key, "sha", 100, 0));
    EXPECT_EQ(store.remember(k_key, "other", 100, 0).error().code, ErrorCode::duplicate);
}

TEST(Duplicates, TellsCallersApart) {
    Duplicates store;
    ASSERT_TRUE(store.remember(k_key, "sha", 100, 0));
    EXPECT_TRUE(is_first(store.remember({"psk=ana", "A"}, "sha", 100, 0)));
}

TEST(Duplicates, ForgetsAfterTheRequestExpired) {
    Duplicates store;
    ASSERT_TRUE(store.remember(k_key, "sha", 100, 0));
    EXPECT_FALSE(is_first(store.remember(k_key, "sha", 100, 100)));
    EXPECT_TRUE(is_first(store.remember(k_key, "sha", 300, 101)));
    EXPECT_EQ(store.size(), 1U);
}

TEST(Duplicates, MakesRoomOfAllThatHasExpiredBeforeItIsBusy) {
    Duplicates store({1000, 1000});
    for (int i = 0; i < 500; ++i)
        ASSERT_TRUE(store.remember({"psk=b", std::to_string(i)}, "sha", 100, 0));
    for (int i = 0; i < 500; ++i)
        ASSERT_TRUE(store.remember({"psk=a", std::to_string(i)}, "sha", 200, 0));
    EXPECT_TRUE(is_first(store.remember({"psk=a", "new"}, "sha", 900, 500)));
}

TEST(Duplicates, AnExpiredIdMayComeAgain) {
    Duplicates store;
    for (int i = 0; i < 500; ++i)
        ASSERT_TRUE(store.remember({"psk=ops", std::to_string(i)}, "sha", 100 + i, 0));
    EXPECT_TRUE(is_first(store.remember({"psk=ops", "499"}, "other", 2000, 1000)));
}

TEST(Duplicates, ForgetsAFewAtATime) {
    Duplicates store;
    for (int i = 0; i < 1000; ++i)
        ASSERT_TRUE(store.remember({"psk=ops", std::to_string(i)}, "sha", 100, 0));
    ASSERT_TRUE(store.remember({"psk=ops", "later"}, "sha", 900, 500));
    EXPECT_GT(store.size(), 900U);
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(store.remember({"psk=ops", "later"}, "sha", 900, 500));
    EXPECT_EQ(store.size(), 1U);
}

TEST(Duplicates, ForgetsWithoutAnotherRequest) {
    Duplicates store;
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(store.remember({"psk=ops", std::to_string(i)}, "sha", 100, 0));
    ASSERT_TRUE(store.remember({"psk=ops", "later"}, "sha", 900, 0));
    EXPECT_FALSE(store.expire_some(100));
    EXPECT_TRUE(store.expire_some(500));
    EXPECT_TRUE(store.expire_some(500));
    EXPECT_FALSE(store.expire_some(500));
    EXPECT_EQ(store.size(), 1U);
}

TEST(Duplicates, IsBusyWhenFullAndNeverEvicts) {
    Duplicates store({4, 1000});
    for (const char* caller : {"psk=a", "psk=b"}) {
        for (const char* id : {"1", "2"})
            ASSERT_TRUE(is_first(store.remember({caller, id}, "sha", 100, 0)));
    }
    EXPECT_EQ(store.remember({"psk=c", "1"}, "sha", 100, 0).error().code, ErrorCode::busy);
    EXPECT_FALSE(is_first(store.remember({"psk=a", "1"}, "sha", 100, 0)));
    EXPECT_TRUE(is_first(store.remember({"psk=c", "1"}, "sha", 300, 101)));
}

TEST(Duplicates, GivesOneCallerHalfOfTheRoomAtMost) {
    Duplicates store({4, 1000});
    ASSERT_TRUE(store.remember({"psk=a", "1"}, "sha", 100, 0));
    ASSERT_TRUE(store.remember({"psk=a", "2"}, "sha", 100, 0));
    EXPECT_EQ(store.remember({"psk=a", "3"}, "sha", 100, 0).error().code, ErrorCode::busy);
    EXPECT_TRUE(is_first(store.remember({"psk=b", "1"}, "sha", 100, 0)));
}

TEST(Duplicates, DropsTheOldestRepliesBeyondTheirLimitButRemembersTheRequests) {
    Duplicates store({100, 10});
    for (const char* id : {"1", "2"}) {
        ASSERT_TRUE(store.remember({"psk=a", id}, "sha", 100, 0));
        store.keep_reply({"psk=a", id}, reply_of(8));
    }
    const auto first = store.remember({"psk=a", "1"}, "sha", 100, 0).value();
    const auto second = store.remember({"psk=a", "2"}, "sha", 100, 0).value();
    EXPECT_EQ(std::get<Duplicates::Repeated>(first).reply, nullptr);
    EXPECT_NE(std::get<Duplicates::Repeated>(second).reply, nullptr);
}

TEST(Duplicates, CountsAReplyThatIsReplacedOrHasExpiredNoLonger) {
    Duplicates store({100, 10});
    ASSERT_TRUE(store.remember({"psk=a", "1"}, "sha", 100, 0));
    for (int i = 0; i < 3; ++i)
        store.keep_reply({"psk=a", "1"}, reply_of(8));
    EXPECT_NE(std::get<Duplicates::Repeated>(store.remember({"psk=a", "1"}, "sha", 100, 0).value()).reply,
              nullptr);
    ASSERT_TRUE(is_first(store.remember({"psk=a", "2"}, "sha", 300, 101)));
    store.keep_reply({"psk=a", "1"}, reply_of(8));  // too late
    store.keep_reply({"psk=a", "2"}, reply_of(10));
    EXPECT_NE(std::get<Duplicates::Repeated>(store.remember({"psk=a", "2"}, "sha", 300, 101).value()).reply,
              nullptr);
}

TEST(Duplicates, MayBeMoved) {
    Duplicates from({100, 10});
    ASSERT_TRUE(from.remember({"psk=a", "1"}, "sha", 100, 0));
    ASSERT_TRUE(from.remember({"psk=a", "2"}, "sha", 200, 0));
    from.keep_reply({"psk=a", "2"}, reply_of(8));
    Duplicates to(std::move(from));
    to.keep_reply({"psk=a", "2"}, reply_of(9));
    EXPECT_FALSE(is_first(to.remember({"psk=a", "2"}, "sha", 200, 150)));
    EXPECT_EQ(to.size(), 1U);
    EXPECT_TRUE(is_first(to.remember({"psk=a", "1"}, "sha", 300, 150)));
}

TEST(Duplicates, KeepsNoReplyThatIsLargerThanAllTogetherMayBe) {
    Duplicates store({100, 10});
    ASSERT_TRUE(store.remember(k_key, "sha", 100, 0));
    store.keep_reply(k_key, reply_of(11));
    EXPECT_EQ(std::get<Duplicates::Repeated>(store.remember(k_key, "sha", 100, 0).value()).reply, nullptr);
}

}  // namespace
}  // namespace hocket::admission
