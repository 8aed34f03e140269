#include "client/lib/call.h"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/client/fleet.h"

namespace hocket::client {
namespace {

using test::FakeNode;

class CallTest : public testing::Test {
protected:
    /// A call under way, whose end is in result_.
    std::unique_ptr<Call> start(CallPlan plan) {
        auto call = Call::start(fleet_.session(), std::move(plan),
                                {[this](CallResult result) { result_ = std::move(result); },
                                 [this](const NodeReply& node) { heard_.push_back(node.reply.identity); }});
        EXPECT_TRUE(call);
        return std::move(*call);
    }

    /// One whose nodes have all the time they need, for a test that waits for no silence.
    CallPlan patient(const std::vector<std::string>& targets) {
        CallPlan plan = fleet_.direct(targets);
        plan.wait = std::chrono::hours(1);
        return plan;
    }

    /// Its silent nodes are asked again after 50 and 90 ms.
    CallPlan soon_reminded(CallPlan plan) {
        plan.request.ttl_ms = 100;
        return plan;
    }

    void finish() {
        fleet_.run_until([this] { return result_.has_value(); });
    }

    /// Runs what is ready, without waiting.
    void settle() {
        fleet_.io().restart();
        fleet_.io().poll();
    }

    test::Fleet fleet_;
    std::optional<CallResult> result_;
    std::vector<std::string> heard_;
};

TEST_F(CallTest, SendsOnePayloadToEachTarget) {
    FakeNode& first = fleet_.add("web1");
    FakeNode& second = fleet_.add("web2");
    fleet_.call_direct({"web1", "web2"});
    EXPECT_EQ(first.last_payload(), second.last_payload());
    EXPECT_EQ(first.last_request().targets, (std::vector<std::string>{"web1", "web2"}));
    EXPECT_EQ(fleet_.transport().subjects(),
              (std::vector<std::string>{"hocket.main.node.disk.web1", "hocket.main.node.disk.web2"}));
    EXPECT_EQ(fleet_.transport().flushed(), 2U);
}

TEST_F(CallTest, ABroadcastIsOneMessage) {
    fleet_.add("web1");
    fleet_.add("web2");
    const CallResult result = fleet_.call(fleet_.broadcast({"web1", "web2"}));
    EXPECT_EQ(fleet_.transport().subjects(), (std::vector<std::string>{"hocket.main.all.disk"}));
    EXPECT_EQ(result.replies.size(), 2U);
}

TEST_F(CallTest, ListsWhoAnswersABroadcastUndiscovered) {
    fleet_.add("web1");
    fleet_.add("web2");
    FakeNode& slow = fleet_.add("web3");
    slow.behave([this](FakeNode& node, const wire::VerifiedRequest& request) {
        boost::asio::post(fleet_.io(), [&node, request] { node.send(node.reply_to(request), request); });
    });
    const CallResult result = fleet_.call(fleet_.broadcast({"web1", "web3"}));
    EXPECT_EQ(result.replies.size(), 2U);
    ASSERT_EQ(result.unexpected.size(), 1U);
    EXPECT_EQ(result.unexpected[0].reply.identity, "web2");
}

TEST_F(CallTest, TellsEachReplyAsItComes) {
    fleet_.add("web1");
    const auto call = start(fleet_.direct({"web1"}));
    finish();
    EXPECT_EQ(heard_, (std::vector<std::string>{"web1"}));
}

TEST_F(CallTest, NamesWhoStaysSilent) {
    fleet_.add("web1").stay_silent();
    const CallResult result = fleet_.call_direct({"web1"});
    ASSERT_EQ(result.missing.size(), 1U);
    EXPECT_EQ(result.missing[0].outcome, Outcome::no_response);
    EXPECT_EQ(result.missing[0].reason,
              "nothing came within 0.0 s, though the broker took the request: the action may have run there");
}

TEST_F(CallTest, DoesNotWaitForWhoIsNotConnected) {
    CallPlan plan = fleet_.direct({"web9"});
    plan.wait = std::chrono::hours(1);
    const CallResult result = fleet_.call(plan);
    ASSERT_EQ(result.missing.size(), 1U);
    EXPECT_EQ(result.missing[0].outcome, Outcome::no_response);
    EXPECT_NE(result.missing[0].reason.find("connected to the broker"), std::string::npos);
}

TEST_F(CallTest, WaitsForTheOthersOfWhoIsNotConnected) {
    fleet_.add("web1").stay_silent();
    const CallResult result = fleet_.call_direct({"web1", "web9"});
    ASSERT_EQ(result.missing.size(), 2U);
    EXPECT_NE(result.missing[0].reason.find("nothing came"), std::string::npos);
    EXPECT_NE(result.missing[1].reason.find("connected to the broker"), std::string::npos);
}

TEST_F(CallTest, AReplyAfterNoRespondersCounts) {
    fleet_.add("web1").behave([](FakeNode& node, const wire::VerifiedRequest& request) {
        node.send_nobody(request);
        node.send(node.reply_to(request), request);
    });
    const CallResult result = fleet_.call_direct({"web1"});
    EXPECT_EQ(result.replies.size(), 1U);
    EXPECT_TRUE(result.missing.empty());
}

TEST_F(CallTest, ANodeThatSaysThatThereIsNobodyEndsNoBroadcast) {
    fleet_.add("web1").behave(
        [](FakeNode& node, const wire::VerifiedRequest& request) { node.send_nobody(request); });
    fleet_.add("web2").behave([this](FakeNode& node, const wire::VerifiedRequest& request) {
        const auto timer =
            std::make_shared<boost::asio::steady_timer>(fleet_.io(), std::chrono::milliseconds(50));
        timer->async_wait(
            [timer, &node, request](const auto&) { node.send(node.reply_to(request), request); });
    });
    CallPlan plan = fleet_.broadcast({"web1", "web2"});
    plan.quiet = std::chrono::milliseconds(1);
    plan.wait = std::chrono::milliseconds(300);
    const CallResult result = fleet_.call(plan);
    EXPECT_EQ(result.replies.size(), 1U);
    ASSERT_EQ(result.missing.size(), 1U);
    EXPECT_NE(result.missing[0].reason.find("it is said that no node"), std::string::npos)
        << result.missing[0].reason;
}

TEST_F(CallTest, NoRespondersOfOneTargetSaysNothingOfAnother) {
    fleet_.add("web1").behave([](FakeNode& node, const wire::VerifiedRequest& request) {
        for (int i = 0; i < 5; ++i)
            node.send_nobody(request);
    });
    fleet_.add("web2").stay_silent();
    const CallResult result = fleet_.call_direct({"web1", "web2"});
    EXPECT_NE(result.missing[1].reason.find("nothing came"), std::string::npos);
}

TEST_F(CallTest, CancelKeepsWhatArrived) {
    fleet_.add("web1");
    fleet_.add("web2").stay_silent();
    const auto call = start(patient({"web1", "web2"}));
    settle();
    call->cancel();
    EXPECT_FALSE(result_.has_value());
    finish();
    EXPECT_TRUE(result_->cancelled);
    EXPECT_EQ(result_->replies.size(), 1U);
    ASSERT_EQ(result_->missing.size(), 1U);
    EXPECT_EQ(result_->missing[0].outcome, Outcome::cancelled);
    EXPECT_EQ(result_->missing[0].reason,
              "cancelled here after 0.0 s; the action may go on there, for its timeout at most");
}

TEST_F(CallTest, ADestroyedCallStaysQuiet) {
    fleet_.add("web1");
    start(fleet_.direct({"web1"})).reset();
    settle();
    EXPECT_FALSE(result_.has_value());
    EXPECT_TRUE(heard_.empty());
}

TEST_F(CallTest, AsksAgainWithTheSameBytesAfterAReconnection) {
    fleet_.add("web1");
    FakeNode& lost = fleet_.add("web2");
    lost.stay_silent();
    const auto call = start(patient({"web1", "web2"}));
    settle();
    lost.answer(Outcome::ok);
    fleet_.transport().reconnect();
    finish();
    EXPECT_EQ(result_->replies.size(), 2U);
    ASSERT_EQ(fleet_.transport().subjects().size(), 3U);  // web1 has answered: it is not asked again
    EXPECT_EQ(fleet_.transport().subjects()[2], "hocket.main.node.disk.web2");
    EXPECT_EQ(fleet_.transport().payloads()[2], fleet_.transport().payloads()[0]);
}

TEST_F(CallTest, DoesNotAskAgainWhenTheRequestIsStale) {
    fleet_.add("web1").stay_silent();
    const auto call = start(fleet_.direct({"web1"}));
    fleet_.clock().advance_ms(10'000);
    fleet_.transport().reconnect();
    finish();
    EXPECT_EQ(fleet_.transport().subjects().size(), 1U);
}

TEST_F(CallTest, AsksAgainSevenTimesAtMost) {
    fleet_.add("web1").stay_silent();
    const auto call = start(fleet_.direct({"web1"}));
    for (int i = 0; i < 20; ++i)
        fleet_.transport().reconnect();
    finish();
    EXPECT_EQ(fleet_.transport().subjects().size(), 8U);
}

TEST_F(CallTest, AsksTheSilentAgainTwiceWithinTheTtl) {
    fleet_.add("web1");
    fleet_.add("web2").stay_silent();
    CallPlan plan = patient({"web1", "web2", "gone"});
    plan.wait = std::chrono::milliseconds(300);
    const auto call = start(soon_reminded(std::move(plan)));
    finish();
    const std::vector<std::string> asked = fleet_.transport().subjects();
    ASSERT_EQ(asked.size(), 5U) << "web1 has answered, and nobody is there who is gone";
    EXPECT_EQ(asked[3], "hocket.main.node.disk.web2");
    EXPECT_EQ(asked[4], asked[3]);
    EXPECT_EQ(fleet_.transport().payloads()[4], fleet_.transport().payloads()[0]);
}

TEST_F(CallTest, AReplyThatWasLostComesWhenItIsAskedForAgain) {
    FakeNode& lost = fleet_.add("web1");
    lost.stay_silent();
    const auto call = start(soon_reminded(patient({"web1"})));
    settle();
    lost.answer(Outcome::ok);
    finish();
    EXPECT_EQ(result_->replies.size(), 1U);
}

TEST_F(CallTest, WhatANodeSaysOfTheReminderIsNotItsAnswer) {
    FakeNode& slow = fleet_.add("web1");
    slow.stay_silent();
    const auto call = start(soon_reminded(patient({"web1"})));
    settle();
    const auto answer_late = [](FakeNode& node, const wire::VerifiedRequest& request) {
        node.send(node.reply_to(request), request);
    };
    slow.behave([&](FakeNode& node, const wire::VerifiedRequest& request) {
        node.send_nobody(request);
        node.send(node.reply_to(request, Outcome::expired), request);
        node.behave(answer_late);
    });
    finish();
    ASSERT_EQ(result_->replies.size(), 1U);
    EXPECT_EQ(result_->replies[0].reply.outcome, Outcome::ok);
    EXPECT_EQ(result_->repeated, 0U);
}

TEST_F(CallTest, WhatANodeSaidOfTheReminderIsToldWhenNothingElseCame) {
    FakeNode& node = fleet_.add("web1");
    node.stay_silent();
    CallPlan plan = patient({"web1"});
    plan.wait = std::chrono::milliseconds(300);
    const auto call = start(soon_reminded(std::move(plan)));
    settle();
    node.answer(Outcome::denied);
    const auto begin = std::chrono::steady_clock::now();
    finish();
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(200)) << "it was given up";
    ASSERT_EQ(result_->missing.size(), 1U);
    EXPECT_EQ(result_->missing[0].outcome, Outcome::no_response);
    EXPECT_TRUE(result_->missing[0].reason.starts_with("it answered denied, ")) << result_->missing[0].reason;
    EXPECT_TRUE(result_->missing[0].reason.ends_with("the action may have run there"));
}

TEST_F(CallTest, ABroadcastThatMostHaveAnsweredIsNotRepeated) {
    std::vector<std::string> expected;
    for (int i = 0; i < 20; ++i) {
        expected.push_back("web" + std::to_string(i));
        fleet_.add(expected.back());
    }
    fleet_.node("web0").stay_silent();
    CallPlan plan = fleet_.broadcast(expected);
    plan.wait = std::chrono::milliseconds(300);
    const auto call = start(soon_reminded(std::move(plan)));
    finish();
    EXPECT_EQ(fleet_.transport().subjects().size(), 1U);
}

TEST_F(CallTest, ARefusedPublishIsNotSent) {
    fleet_.add("web1").stay_silent();
    const auto call = start(fleet_.direct({"web1"}));
    fleet_.transport().complain(R"(Permissions Violation for Publish to "hocket.main.node.disk.web1")");
    finish();
    ASSERT_EQ(result_->missing.size(), 1U);
    EXPECT_EQ(result_->missing[0].outcome, Outcome::not_sent);
    EXPECT_NE(result_->missing[0].reason.find("Permissions Violation"), std::string::npos);
}

TEST_F(CallTest, AComplaintAboutAnotherSubjectIsNotOurs) {
    fleet_.add("web1").stay_silent();
    const auto call = start(fleet_.direct({"web1"}));
    fleet_.transport().complain(R"(Permissions Violation for Publish to "hocket.main.node.disk.web12")");
    finish();
    EXPECT_EQ(result_->missing[0].outcome, Outcome::no_response);
}

TEST_F(CallTest, RefusesNamesThatCannotBeSubjects) {
    for (const char* identity : {"web 1", "web1\r\nPUB x", "WEB1", ""}) {
        const auto call = Call::start(fleet_.session(), fleet_.direct({identity}), {});
        ASSERT_FALSE(call) << identity;
        EXPECT_EQ(call.error().code, ErrorCode::usage);
    }
    EXPECT_TRUE(fleet_.transport().subjects().empty());
}

TEST_F(CallTest, NeverBroadcastsSensitiveInputs) {
    CallPlan plan = fleet_.broadcast({"web1"});
    plan.has_sensitive_inputs = true;
    EXPECT_FALSE(Call::start(fleet_.session(), plan, {}));
    EXPECT_TRUE(fleet_.transport().subjects().empty());
}

TEST(CallConfidential, SensitiveInputsNeedTlsOrThisMachine) {
    const auto code = [](const std::string& url, const std::string& ca) {
        ClientConfig config = test::Fleet::fast_config();
        config.nats.urls = {"nats://127.0.0.1:4222", url};
        config.nats.tls_ca = ca;
        test::Fleet fleet(config);
        CallPlan plan = fleet.direct({"web1"});
        plan.has_sensitive_inputs = true;
        const auto call = Call::start(fleet.session(), plan, {});
        return call ? std::string("sent") : std::string(to_string(call.error().code));
    };
    EXPECT_EQ(code("nats://localhost:4222", ""), "sent");
    EXPECT_EQ(code("nats://user@[::1]:4222", ""), "sent");
    EXPECT_EQ(code("nats://10.0.0.1:4222", "/ca.pem"), "sent");
    EXPECT_EQ(code("nats://10.0.0.1:4222", ""), "invalid_config");
    EXPECT_EQ(code("nats://127.evil.example:4222", ""), "invalid_config");
}

TEST(LongestWait, IsLongerThanTheRunnerTakes) {
    EXPECT_EQ(longest_wait(10'000), std::chrono::seconds(18));
}

}  // namespace
}  // namespace hocket::client
