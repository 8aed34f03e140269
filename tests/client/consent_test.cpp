#include "client/cli/consent.h"

#include <gtest/gtest.h>
#include <optional>

namespace hocket::cli {
namespace {

class ConsentTest : public testing::Test {
protected:
    /// How it ends when somebody answers so; none: he is interrupted.
    std::string ending_with(std::optional<std::string> answer) {
        console_.ask = [this, answer](std::string_view question) {
            question_ = question;
            return answer;
        };
        const Result<void> agreed = consent_to("shell run", false, nodes_, console_);
        return agreed ? "agreed" : agreed.error().message;
    }

    Console console_;
    std::string question_;
    std::vector<std::string> nodes_{"web1", "web2"};
};

constexpr const char* k_not_confirmed = "not confirmed; nothing was sent";

TEST_F(ConsentTest, WantsAYesForAFewNodes) {
    EXPECT_EQ(ending_with(" Yes "), "agreed");
    EXPECT_EQ(ending_with("y"), "agreed");
    EXPECT_EQ(question_, "'shell run' is destructive.\nRun it on 2 nodes (web1, web2)? [y/N] ");
    for (const char* answer : {"", "n", "2", "yess"})
        EXPECT_EQ(ending_with(answer), k_not_confirmed) << answer;
    EXPECT_EQ(ending_with(std::nullopt), k_not_confirmed);
}

TEST_F(ConsentTest, WantsTheNumberOfMany) {
    nodes_.clear();
    for (int i = 10; i < 21; ++i)
        nodes_.push_back("web" + std::to_string(i));
    EXPECT_EQ(ending_with("y"), k_not_confirmed);
    EXPECT_EQ(ending_with("11"), "agreed");
    EXPECT_EQ(question_,
              "'shell run' is destructive.\nRun it on 11 nodes (web10, web11, web12, web13, web14, web15, "
              "web16, web17, web18, "
              "web19 and 1 more)? Type their number to go on: ");
}

TEST_F(ConsentTest, SaysHowToDoItWhereNobodyCanBeAsked) {
    const Result<void> refused = consent_to("shell run", true, nodes_, console_);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
    EXPECT_EQ(refused.error().message,
              "'shell run' is destructive, and there is no terminal to ask on: add --yes to run it on 2 "
              "nodes, or --noop to "
              "see what it would do; nothing was sent");
    EXPECT_EQ(consent_to("shell run", false, nodes_, console_).error().message.find("--noop"),
              std::string::npos);
}

}  // namespace
}  // namespace hocket::cli
