#include "client/lib/reply_line.h"

#include <gtest/gtest.h>

#include "client/lib/call.h"
#include "tests/client/fleet.h"

namespace hocket::client {
namespace {

using test::FakeNode;

class ReplyLineTest : public testing::Test {
protected:
    std::unique_ptr<Call> start(const CallPlan& plan) {
        auto call = Call::start(fleet_.session(), plan,
                                {[this](CallResult result) { result_ = std::move(result); }, {}});
        EXPECT_TRUE(call);
        return std::move(*call);
    }

    void finish() {
        fleet_.run_until([this] { return result_.has_value(); });
    }

    void complain() {
        fleet_.transport().complain("Permissions Violation for Subscription to \"" + subscribed()[0] + '"');
    }

    const std::vector<std::string>& subscribed() { return fleet_.transport().subscribed(); }

    test::Fleet fleet_;
    std::optional<CallResult> result_;
};

TEST_F(ReplyLineTest, RequestsOneAfterTheOtherShareASubscription) {
    fleet_.add("web1");
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(fleet_.call_direct({"web1"}).replies.size(), 1U);
    ASSERT_EQ(subscribed().size(), 1U);
    EXPECT_TRUE(subscribed()[0].starts_with("hocket.main.reply.psk=ops."));
    EXPECT_TRUE(subscribed()[0].ends_with(".*.*"));
}

TEST_F(ReplyLineTest, EachSessionHasAnother) {
    fleet_.add("web1");
    fleet_.call_direct({"web1"});
    const std::string first = subscribed()[0];
    test::Fleet other;
    other.add("web1");
    other.call_direct({"web1"});
    EXPECT_NE(other.transport().subscribed()[0], first);
}

TEST_F(ReplyLineTest, ASecondRequestAtTheSameTimeHasItsOwn) {
    fleet_.add("web1");
    fleet_.add("web2");
    const auto first = start(fleet_.direct({"web1"}));
    EXPECT_EQ(fleet_.call_direct({"web2"}).replies.size(), 1U);
    finish();
    EXPECT_EQ(result_->replies.size(), 1U);
    EXPECT_EQ(subscribed().size(), 2U);
}

TEST_F(ReplyLineTest, ARequestToSeveralHasItsOwn) {
    fleet_.add("web1");
    fleet_.add("web2");
    EXPECT_EQ(fleet_.call_direct({"web1", "web2"}).replies.size(), 2U);
    EXPECT_EQ(subscribed().size(), 2U);
    for (const std::string& subject : subscribed())
        EXPECT_FALSE(subject.ends_with('*')) << subject;
}

TEST_F(ReplyLineTest, IsKeptAfterNobodyWasThere) {
    fleet_.call_direct({"web9"});
    fleet_.call_direct({"web9"});
    EXPECT_EQ(subscribed().size(), 1U);
}

TEST_F(ReplyLineTest, IsGivenUpWhenItIsNotKnownWhatStillComes) {
    fleet_.add("web1").stay_silent();
    fleet_.call_direct({"web1"});
    fleet_.call_direct({"web1"});
    EXPECT_EQ(subscribed().size(), 2U);
    EXPECT_NE(subscribed()[0], subscribed()[1]);
}

TEST_F(ReplyLineTest, IsGivenUpAfterARequestWasSentAgain) {
    FakeNode& node = fleet_.add("web1");
    node.stay_silent();
    auto call = start(fleet_.direct({"web1"}));
    fleet_.io().poll();
    node.answer(Outcome::ok);
    fleet_.transport().reconnect();
    finish();
    call.reset();
    fleet_.call_direct({"web1"});
    EXPECT_EQ(subscribed().size(), 2U);
}

TEST_F(ReplyLineTest, ALateReplyIsNotForTheNextRequest) {
    FakeNode& node = fleet_.add("web1");
    std::optional<wire::VerifiedRequest> earlier;
    node.behave([&](FakeNode& self, const wire::VerifiedRequest& request) {
        if (earlier) self.send(self.reply_to(*earlier), *earlier);
        self.send(self.reply_to(request), request);
        earlier = request;
    });
    fleet_.call_direct({"web1"});
    const CallResult result = fleet_.call_direct({"web1"});
    EXPECT_EQ(subscribed().size(), 1U);
    EXPECT_EQ(result.replies.size(), 1U);
    EXPECT_TRUE(result.rejected.empty());
}

TEST_F(ReplyLineTest, NoNodeKnowsTheLineOfAnother) {
    fleet_.add("web1");
    fleet_.add("web2");
    for (const char* node : {"web1", "web2", "web1"})
        EXPECT_EQ(fleet_.call_direct({node}).replies.size(), 1U);
    ASSERT_EQ(subscribed().size(), 3U);
    EXPECT_NE(subscribed()[0], subscribed()[2]);
}

TEST_F(ReplyLineTest, ABroadcastHasItsOwn) {
    fleet_.add("web1");
    fleet_.call(fleet_.broadcast({"web1"}));
    fleet_.call(fleet_.broadcast({"web1"}));
    ASSERT_EQ(subscribed().size(), 2U);
    EXPECT_TRUE(subscribed()[0].ends_with(".all"));
}

TEST_F(ReplyLineTest, ARefusedSubscriptionIsAboutTheRequestThatHasIt) {
    fleet_.add("web1").stay_silent();
    const auto call = start(fleet_.direct({"web1"}));
    complain();
    finish();
    ASSERT_EQ(result_->missing.size(), 1U);
    EXPECT_EQ(result_->missing[0].outcome, Outcome::not_sent);
}

TEST_F(ReplyLineTest, ARefusedSubscriptionIsMadeAnew) {
    fleet_.add("web1");
    fleet_.call_direct({"web1"});
    complain();
    fleet_.call_direct({"web1"});
    EXPECT_EQ(subscribed().size(), 2U);
}

TEST_F(ReplyLineTest, WhoHasARefusedSubscriptionKeepsItForAReconnection) {
    FakeNode& node = fleet_.add("web1");
    node.stay_silent();
    CallPlan plan = fleet_.direct({"web1"});
    plan.wait = plan.quiet = std::chrono::seconds(10);
    auto call = start(plan);
    fleet_.io().poll();
    complain();
    node.answer(Outcome::ok);
    fleet_.transport().reconnect();
    finish();
    EXPECT_EQ(result_->replies.size(), 1U);
    call.reset();
    fleet_.call_direct({"web1"});
    EXPECT_EQ(subscribed().size(), 2U);
}

}  // namespace
}  // namespace hocket::client
