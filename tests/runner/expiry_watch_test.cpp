#include "runner/expiry_watch.h"

#include <cmath>
#include <gtest/gtest.h>
#include <sstream>

namespace hocket {
namespace {

constexpr std::int64_t k_hour_ms = 60LL * 60 * 1000;
constexpr std::int64_t k_now_ms = 1'790'000'000'000;

class Keys final : public wire::NodeKeys {
public:
    std::optional<std::int64_t> begins_ms;
    std::optional<std::int64_t> expires_ms;
    std::optional<std::int64_t> due_ms;

    Result<wire::RequestSigner> verify_request(std::string_view, std::string_view) const override {
        return Error{ErrorCode::unknown_key, "", {}};
    }
    std::string sign_reply(const wire::RequestSigner&, std::string_view) const override { return ""; }
    std::optional<std::int64_t> certificate_begins_ms() const override { return begins_ms; }
    std::optional<std::int64_t> certificate_expires_ms() const override { return expires_ms; }
    std::optional<std::int64_t> crl_next_update_ms() const override { return due_ms; }
    std::vector<crypto::CaFault> caller_ca_faults(std::int64_t now_ms) const override {
        if (due_ms && *due_ms <= now_ms && !is_of_intermediate) return {{"the CRL is stale", false}};
        return faults;
    }
    std::vector<crypto::CaFault> faults;
    bool is_of_intermediate = false;
};

class ExpiryWatchTest : public testing::Test {
protected:
    /// What is said at a moment, after that many hours.
    std::string said_after(double hours) {
        testing::internal::CaptureStderr();
        watch_.look(keys_, k_now_ms + std::llround(hours * k_hour_ms));
        return testing::internal::GetCapturedStderr();
    }

    static bool says(const std::string& text, const char* part) {
        return text.find(part) != std::string::npos;
    }

    Log log_{LogLevel::info, Log::Timestamps::off};
    ExpiryWatch watch_{log_};
    Keys keys_;
};

TEST_F(ExpiryWatchTest, IsSilentWhenThereIsTime) {
    EXPECT_EQ(said_after(0), "");
    keys_.expires_ms = k_now_ms + 31 * 24 * k_hour_ms;
    keys_.due_ms = k_now_ms + 13 * k_hour_ms;
    EXPECT_EQ(said_after(0), "");
}

TEST_F(ExpiryWatchTest, WarnsOfACertificateOnceInADayAndThenOfItsEndEachHour) {
    keys_.expires_ms = k_now_ms + 30 * k_hour_ms;
    EXPECT_TRUE(says(said_after(0), "expires soon"));
    EXPECT_EQ(said_after(23), "");
    EXPECT_TRUE(says(said_after(24), "expires soon"));
    EXPECT_TRUE(says(said_after(30), "has expired"));
    EXPECT_TRUE(says(said_after(31), "has expired"));
    watch_.begin();
    EXPECT_TRUE(says(said_after(31), "has expired"));
}

TEST_F(ExpiryWatchTest, TellsOfACertificateThatIsNotValidYetEachHour) {
    keys_.begins_ms = k_now_ms + 2 * k_hour_ms;
    EXPECT_TRUE(says(said_after(0), "is not valid yet"));
    EXPECT_EQ(said_after(0.9), "");
    EXPECT_TRUE(says(said_after(1), "is not valid yet"));
    EXPECT_EQ(said_after(2), "");
}

TEST_F(ExpiryWatchTest, WarnsOfACrlEachHour) {
    keys_.due_ms = k_now_ms + 2 * k_hour_ms;
    EXPECT_TRUE(says(said_after(0), "will soon be stale"));
    EXPECT_TRUE(says(said_after(1), "will soon be stale"));
    EXPECT_TRUE(says(said_after(2),
                     "the CRL is stale: every certificate of a caller that this CA signed is refused"));
    EXPECT_EQ(said_after(2), "");
}

TEST_F(ExpiryWatchTest, SaysThatTheCrlOfACaIsStaleWhichItDoesNotKnow) {
    keys_.is_of_intermediate = true;
    keys_.due_ms = k_now_ms;
    EXPECT_TRUE(says(said_after(0), "is stale, so every caller of its CA is refused"));
    EXPECT_EQ(said_after(0.5), "");
}

TEST_F(ExpiryWatchTest, SaysEachHourWhyCallersOfACaAreRefused) {
    keys_.faults = {{"no CRL of 'CN=Old'", true}};
    EXPECT_EQ(said_after(0), "") << "it may only end chains";
    keys_.faults.push_back({"no CRL of 'CN=New'", false});
    const std::string said = said_after(0);
    EXPECT_TRUE(says(said, "no CRL of 'CN=New': every certificate of a caller"));
    EXPECT_FALSE(says(said, "CN=Old"));
    EXPECT_EQ(said_after(0.5), "");
    EXPECT_NE(said_after(1), "");
}

TEST_F(ExpiryWatchTest, SaysAnEndAtOnceAlsoSoonAfterTheWarning) {
    keys_.due_ms = keys_.expires_ms = k_now_ms + k_hour_ms;
    EXPECT_TRUE(says(said_after(0.8), "will soon be stale"));
    const std::string both = said_after(1.1);
    EXPECT_TRUE(says(both, "has expired"));
    EXPECT_TRUE(says(both, "the CRL is stale"));
    EXPECT_EQ(said_after(1.2), "");
}

}  // namespace
}  // namespace hocket
