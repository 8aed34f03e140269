#include "runner/admission/freshness.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/wire_fixture.h"

namespace hocket::admission {
namespace {

class FreshnessTest : public testing::Test {
protected:
    /// What becomes of a request issued that long ago (negative: in the future).
    ErrorCode verdict(std::int64_t age_ms) {
        wire::Request request = test::WirePair::request();
        request.issued_at = clock_.wall_ms() - age_ms;
        request.ttl_ms = 10'000;
        const Result<void> checked = freshness_.check(request);
        return checked ? ErrorCode::internal : checked.error().code;
    }

    test::FakeClock clock_;
    Freshness freshness_{clock_, 2000};
};

TEST_F(FreshnessTest, HoldsFromTheSkewBeforeToTheTtlAfter) {
    EXPECT_EQ(verdict(-2001), ErrorCode::clock_skew);
    EXPECT_EQ(verdict(-2000), ErrorCode::internal);
    EXPECT_EQ(verdict(0), ErrorCode::internal);
    EXPECT_EQ(verdict(10'000), ErrorCode::internal);
    EXPECT_EQ(verdict(10'001), ErrorCode::expired);
}

TEST_F(FreshnessTest, AnswersOnlyWithinTenMinutesOfTheWindow) {
    EXPECT_EQ(verdict(10'000 + 600'000), ErrorCode::expired);
    EXPECT_EQ(verdict(10'000 + 600'001), ErrorCode::far_expired);
    EXPECT_EQ(verdict(-2000 - 600'001), ErrorCode::far_expired);
}

TEST_F(FreshnessTest, NamesTheDifference) {
    wire::Request request = test::WirePair::request();
    request.issued_at = clock_.wall_ms() - 13'000;
    EXPECT_NE(freshness_.check(request).error().message.find("expired 3.0 s ago"), std::string::npos);
}

TEST_F(FreshnessTest, AClockSetBackRevivesNothing) {
    wire::Request request = test::WirePair::request();
    request.issued_at = clock_.wall_ms();
    clock_.advance_ms(11'000);
    EXPECT_FALSE(freshness_.check(request));
    clock_.advance_ms(-11'000);
    EXPECT_FALSE(freshness_.check(request));
}

TEST_F(FreshnessTest, AClockThatIsWrongForAMomentIsNotBelievedToForget) {
    const std::int64_t seen = freshness_.now_ms();
    clock_.set_wall_ms(seen + 1'000'000);
    EXPECT_EQ(freshness_.forget_until_ms(), seen);
    clock_.set_wall_ms(seen);
    clock_.advance_ms(500);
    EXPECT_EQ(freshness_.forget_until_ms(), seen + 500);
    EXPECT_EQ(freshness_.now_ms(), seen + 500);
}

TEST_F(FreshnessTest, WhatMayBeForgottenIsNeverFreshAgain) {
    const std::int64_t seen = freshness_.now_ms();
    clock_.advance_ms(30'000);
    clock_.set_wall_ms(seen - 3'600'000);
    EXPECT_EQ(freshness_.forget_until_ms(), seen)
        << "not as long as the wall clock has not come so far again";
    clock_.set_wall_ms(seen + 40'000);
    clock_.advance_ms(0);
    EXPECT_EQ(freshness_.forget_until_ms(), seen) << "the time before the last look has been counted";
    clock_.advance_ms(20'000);
    EXPECT_EQ(freshness_.forget_until_ms(), seen + 20'000);
    clock_.set_wall_ms(seen);
    EXPECT_EQ(freshness_.now_ms(), seen + 20'000);
}

TEST_F(FreshnessTest, WithoutAPastRefusesWhatMayBeARepetition) {
    freshness_.distrust_the_past();
    EXPECT_EQ(verdict(0), ErrorCode::expired);
    EXPECT_EQ(verdict(-2000), ErrorCode::expired);
    clock_.advance_ms(2001);
    EXPECT_EQ(verdict(0), ErrorCode::internal);
}

}  // namespace
}  // namespace hocket::admission
