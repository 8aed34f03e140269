#include "runner/drop_log.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace hocket {
namespace {

class DropLogTest : public testing::Test {
protected:
    std::string said_of(ErrorCode code, const std::string& reason) {
        testing::internal::CaptureStderr();
        dropped_.add("a message", {code, reason, {}});
        return testing::internal::GetCapturedStderr();
    }

    std::string said_later() {
        testing::internal::CaptureStderr();
        dropped_.catch_up();
        return testing::internal::GetCapturedStderr();
    }

    test::FakeClock clock_;
    Log log_{LogLevel::info, Log::Timestamps::off};
    DropLog dropped_{clock_, log_};
};

TEST_F(DropLogTest, TellsOnceInTenSecondsOfEachKind) {
    EXPECT_EQ(said_of(ErrorCode::bad_signature, "no"),
              "level=warning msg=\"dropped a message\" code=bad_signature reason=no count=1\n");
    EXPECT_EQ(said_of(ErrorCode::bad_signature, "nor"), "");
    EXPECT_NE(said_of(ErrorCode::unknown_key, "who"), "");
    clock_.advance_ms(10'000);
    EXPECT_EQ(said_of(ErrorCode::bad_signature, "never"),
              "level=warning msg=\"dropped a message\" code=bad_signature reason=never count=2\n");
}

TEST_F(DropLogTest, IsNotHeldUpByAClockThatIsSetBack) {
    EXPECT_NE(said_of(ErrorCode::far_expired, "late"), "");
    clock_.set_wall_ms(clock_.wall_ms() - 3'600'000);
    clock_.advance_ms(10'000);
    EXPECT_NE(said_of(ErrorCode::far_expired, "late"), "");
}

TEST_F(DropLogTest, TellsOfAFloodThatIsOver) {
    for (int i = 0; i < 600; ++i)
        said_of(ErrorCode::rate_limited, "number " + std::to_string(i));
    EXPECT_EQ(said_later(), "") << "not yet";
    clock_.advance_ms(10'000);
    EXPECT_EQ(said_later(),
              "level=warning msg=\"dropped a message\" code=rate_limited reason=\"number 599\" count=599\n");
    clock_.advance_ms(10'000);
    EXPECT_EQ(said_later(), "");
}

}  // namespace
}  // namespace hocket
