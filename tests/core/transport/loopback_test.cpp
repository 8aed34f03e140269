#include "core/transport/loopback.h"

#include <gtest/gtest.h>

namespace hocket::transport {
namespace {

class LoopbackTest : public testing::Test {
protected:
    wire::Message message(const std::string& subject, const std::string& reply = "") {
        wire::Message made;
        made.subject = subject;
        made.reply_subject = reply;
        made.payload = "x";
        return made;
    }

    void collect(const std::string& subject) {
        auto subscription =
            transport_.subscribe(subject, [this](const wire::Message& got) { received_.push_back(got); });
        ASSERT_TRUE(subscription);
        subscriptions_.push_back(std::move(*subscription));
    }

    boost::asio::io_context io_;
    LoopbackBroker broker_{io_};
    LoopbackTransport transport_{broker_, 100};
    std::vector<wire::Message> received_;
    std::vector<std::unique_ptr<Subscription>> subscriptions_;
};

TEST_F(LoopbackTest, DeliversToEverySubscriberFromTheLoopOnly) {
    collect("a.*");
    collect("a.*");
    ASSERT_TRUE(transport_.publish(message("a.b")));
    EXPECT_TRUE(received_.empty());
    io_.run();
    EXPECT_EQ(received_.size(), 2U);
}

TEST_F(LoopbackTest, DeliversNothingToASubscriptionThatHasEnded) {
    collect("a");
    ASSERT_TRUE(transport_.publish(message("a", "reply")));
    subscriptions_.clear();
    collect("reply");
    io_.run();
    ASSERT_EQ(received_.size(), 1U);
    EXPECT_TRUE(received_[0].no_responders);
}

TEST_F(LoopbackTest, TellsThatNobodyListens) {
    collect("reply.>");
    ASSERT_TRUE(transport_.publish(message("nobody", "reply.1")));
    io_.run();
    ASSERT_EQ(received_.size(), 1U);
    EXPECT_TRUE(received_[0].no_responders);
    EXPECT_EQ(received_[0].subject, "reply.1");
}

TEST_F(LoopbackTest, RefusesMoreThanItCarries) {
    wire::Message large = message("a");
    large.payload.assign(101, 'x');
    EXPECT_EQ(transport_.publish(large).error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace hocket::transport
