#include "runner/admission/admission.h"

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/wire_fixture.h"

namespace hocket::admission {
namespace {

class AdmissionTest : public testing::Test {
protected:
    AdmissionTest() : admission_(make()) {
        clock_.advance_ms(k_skew_ms + 1);  // a first start has no journal
        request_.issued_at = clock_.wall_ms();
    }

    Admission make() {
        Admission made(pair_.identity(), Freshness(clock_, k_skew_ms), Duplicates({4, 1000}),
                       std::move(Journal::open(folder_.path(), clock_.wall_ms())).value());
        made.set_policy({{"main"}, AllowRules({{{"psk=ops"}, {"disk", "rpcutil"}, 7}}, "runner.toml")});
        return made;
    }

    auto admit(const wire::Message& message) {
        auto verified = wire::VerifiedRequest::verify(message, pair_.node(), pair_.identity(), 10'000);
        const std::vector<std::string> agents = {"disk"};
        return admission_.admit(std::make_shared<const wire::VerifiedRequest>(std::move(*verified)),
                                {pair_.identity(), agents, classes_, facts_}, AllowRules::Covered::by_star);
    }
    ErrorCode refusal_of(const wire::Message& message) {
        const auto admitted = admit(message);
        return admitted ? ErrorCode::usage : admitted.error().code;
    }
    wire::Message direct() {
        request_.targets = {pair_.identity()};
        return pair_.direct(request_);
    }

    static constexpr std::int64_t k_skew_ms = 1000;
    static constexpr ErrorCode k_admitted = ErrorCode::usage;

    test::TemporaryFolder folder_;
    test::FakeClock clock_;
    test::WirePair pair_;
    wire::Request request_ = test::WirePair::request();
    std::vector<std::string> classes_ = {"web"};
    Json facts_ = {{"os", {{"family", "Debian"}}}};
    Admission admission_;
};

TEST_F(AdmissionTest, AdmitsWhatIsMeantFreshNewAndAllowed) {
    const auto admitted = admit(direct());
    ASSERT_TRUE(admitted);
    EXPECT_TRUE(std::holds_alternative<AdmittedRequest>(*admitted));
}

TEST_F(AdmissionTest, WhoIsDeniedTakesNoPlace) {
    request_.agent = "secret";
    for (int i = 0; i < 10; ++i) {
        request_.id = "01JD0000000000000000000" + std::to_string(100 + i);
        EXPECT_EQ(refusal_of(direct()), ErrorCode::denied);
    }
    EXPECT_EQ(admission_.remembered_requests(), 0U);
}

TEST_F(AdmissionTest, JournalsBeforeAnythingRuns) {
    ASSERT_TRUE(admit(direct()));
    EXPECT_NE(read_file(folder_ / "requests.journal", 10'000).value().find(request_.id), std::string::npos);
}

TEST_F(AdmissionTest, JournalsNothingForABuiltInAgent) {
    request_.agent = "rpcutil";
    ASSERT_TRUE(admit(direct()));
    EXPECT_EQ(read_file(folder_ / "requests.journal", 10'000).value(), "");
}

TEST_F(AdmissionTest, DropsABroadcastForOthersAndAnswersADirectOne) {
    request_.filter = filter::parse_filter({{"os.family=RedHat"}, {}, {}, {}}).value();
    EXPECT_EQ(refusal_of(pair_.broadcast(request_)), ErrorCode::not_targeted);
    EXPECT_EQ(refusal_of(direct()), ErrorCode::not_matched);
}

TEST_F(AdmissionTest, DropsABroadcastWithTargetsThatDoNotHoldTheNode) {
    request_.targets = {"web2.example"};
    EXPECT_EQ(refusal_of(pair_.broadcast(request_)), ErrorCode::not_targeted);
}

TEST_F(AdmissionTest, RefusesACollectiveThatItHasNotJoined) {
    request_.collective = "other";
    EXPECT_EQ(refusal_of(direct()), ErrorCode::unsupported);
}

TEST_F(AdmissionTest, LooksAtTheFilterBeforeItRemembersAnything) {
    request_.filter = filter::parse_filter({{}, {"db"}, {}, {}}).value();
    EXPECT_EQ(refusal_of(direct()), ErrorCode::not_matched);
    EXPECT_EQ(admission_.remembered_requests(), 0U);
}

TEST_F(AdmissionTest, RefusesWhatIsOutsideOfItsWindow) {
    const wire::Message message = direct();
    clock_.advance_ms(request_.ttl_ms + 1);
    EXPECT_EQ(refusal_of(message), ErrorCode::expired);
    EXPECT_EQ(admission_.remembered_requests(), 0U);
}

TEST_F(AdmissionTest, GivesTheStoredReplyToTheSameBytes) {
    ASSERT_TRUE(admit(direct()));
    wire::Message reply;
    reply.payload = "answer";
    admission_.keep_reply(request_, reply);
    const auto again = admit(direct());
    ASSERT_TRUE(again);
    EXPECT_EQ(std::get<RepeatedRequest>(*again).reply->payload, "answer");
}

TEST_F(AdmissionTest, DropsOtherBytesUnderAKnownId) {
    ASSERT_TRUE(admit(direct()));
    request_.inputs = {{"path", "/etc"}};
    EXPECT_EQ(refusal_of(direct()), ErrorCode::duplicate);
}

TEST_F(AdmissionTest, DeniesByDefaultAndSaysWhereToLook) {
    request_.agent = "service";
    const auto admitted = admit(direct());
    ASSERT_FALSE(admitted);
    EXPECT_EQ(admitted.error().code, ErrorCode::denied);
    EXPECT_NE(admitted.error().message.find("runner.toml"), std::string::npos);
    EXPECT_NE(admitted.error().message.find("line 7"), std::string::npos);
}

TEST(AllowRules, AStarDoesNotCoverWhatMustBeNamed) {
    using Covered = AllowRules::Covered;
    const AllowRules rules({{{"*"}, {"*"}, 3}, {{"psk=ops"}, {"shell"}, 5}}, "runner.toml");
    EXPECT_TRUE(rules.check("psk=dev", "shell", Covered::by_star));
    EXPECT_TRUE(rules.check("psk=ops", "shell", Covered::by_name));
    const Result<void> refused = rules.check("psk=dev", "shell", Covered::by_name);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::denied);
    EXPECT_NE(refused.error().message.find("(line 3) do not name the agent, which \"*\" does not cover"),
              std::string::npos)
        << refused.error().message;
}

TEST_F(AdmissionTest, RunsNothingAgainAfterARestart) {
    ASSERT_TRUE(admit(direct()));
    admission_ = make();
    const auto again = admit(direct());
    ASSERT_TRUE(again);
    EXPECT_TRUE(std::holds_alternative<RepeatedRequest>(*again));
}

TEST_F(AdmissionTest, WithoutItsJournalRefusesWhatMayHaveRun) {
    ASSERT_TRUE(admit(direct()));
    std::filesystem::remove(folder_ / "requests.journal");
    admission_ = make();
    EXPECT_EQ(refusal_of(direct()), ErrorCode::expired);
}

TEST_F(AdmissionTest, TakesNothingWhileDraining) {
    admission_.start_draining();
    EXPECT_EQ(refusal_of(direct()), ErrorCode::draining);
}

TEST_F(AdmissionTest, AFilterOfANewerClientNeverMatches) {
    request_.filter = filter::from_json({{"compound", {"x"}}}).value();
    EXPECT_EQ(refusal_of(direct()), ErrorCode::not_matched);
}

}  // namespace
}  // namespace hocket::admission
