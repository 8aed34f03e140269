#include "core/transport/nats_transport.h"

#include <chrono>
#include <gtest/gtest.h>

#include "tests/support/nats_server.h"

namespace hocket::transport {
namespace {

using namespace std::chrono_literals;

class NatsTransportTest : public testing::Test {
protected:
    std::unique_ptr<Transport> connect(NatsOptions::Start start = NatsOptions::Start::connected) {
        NatsOptions options;
        options.urls = {server_.url()};
        options.start = start;
        options.max_reconnect_wait_ms = 200;
        options.subscription_rest_ms = 20;
        auto connected = connect_nats(io_, options);
        EXPECT_TRUE(connected) << connected.error().message;
        return std::move(*connected);
    }

    /// One that is attached to its loop, which does not run by itself.
    std::unique_ptr<Transport> connect_on(boost::asio::io_context& io) {
        NatsOptions options;
        options.urls = {server_.url()};
        auto connected = connect_nats(io, options);
        EXPECT_TRUE(connected) << connected.error().message;
        io.poll();
        return std::move(*connected);
    }

    void collect(Transport& transport, const std::string& subject) {
        auto subscription =
            transport.subscribe(subject, [this](const wire::Message& got) { received_.push_back(got); });
        ASSERT_TRUE(subscription);
        subscriptions_.push_back(std::move(*subscription));
    }

    /// Drives the loop until the condition holds; a test that waits ten seconds has failed.
    template <class Condition>
    bool run_until(Condition condition) {
        return run_for(condition, 10s);
    }

    template <class Condition>
    bool run_for(Condition condition, std::chrono::milliseconds longest) {
        const auto deadline = std::chrono::steady_clock::now() + longest;
        while (!condition() && std::chrono::steady_clock::now() < deadline) {
            io_.restart();
            io_.run_for(10ms);
        }
        return condition();
    }

    /// Until the broker has done all that was asked of it on this connection.
    void settle(boost::asio::io_context& io, Transport& transport) {
        bool is_back = false;
        const auto subscription =
            transport.subscribe("settle", [&](const wire::Message&) { is_back = true; });
        ASSERT_TRUE(transport.publish(message("settle")));
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        while (!is_back && std::chrono::steady_clock::now() < deadline) {
            io.restart();
            io.run_one_for(10ms);
        }
        ASSERT_TRUE(is_back);
    }

    static wire::Message message(const std::string& subject, const std::string& payload = "x") {
        wire::Message made;
        made.subject = subject;
        made.payload = payload;
        return made;
    }

    test::NatsServer server_;
    boost::asio::io_context io_;
    std::vector<wire::Message> received_;
    std::vector<std::unique_ptr<Subscription>> subscriptions_;
};

TEST_F(NatsTransportTest, CarriesPayloadReplySubjectAndSignature) {
    const auto transport = connect();
    collect(*transport, "t.*");
    wire::Message sent = message("t.1", std::string("a\0b", 3));
    sent.reply_subject = "t.reply";
    sent.signatures = {"head..sig"};
    ASSERT_TRUE(transport->publish(sent));
    ASSERT_TRUE(run_until([this] { return !received_.empty(); }));
    EXPECT_EQ(received_[0].payload, sent.payload);
    EXPECT_EQ(received_[0].reply_subject, "t.reply");
    EXPECT_EQ(received_[0].signatures, sent.signatures);
}

TEST_F(NatsTransportTest, SendsAtOnceWhatIsFlushed) {
    boost::asio::io_context other;  // does not run while we look
    const auto sender = connect_on(other);
    const auto transport = connect();
    collect(*transport, "t");
    settle(io_, *transport);
    ASSERT_TRUE(sender->publish(message("t")));
    EXPECT_FALSE(run_for([this] { return !received_.empty(); }, 20ms));
    sender->flush();
    EXPECT_TRUE(run_until([this] { return !received_.empty(); }));
}

TEST_F(NatsTransportTest, SendsTheAnswersToSeveralMessagesTogether) {
    boost::asio::io_context other;
    const auto node = connect_on(other);
    const auto transport = connect();
    collect(*transport, "answer");
    std::vector<std::size_t> received;  // after each answer
    const auto subscription = node->subscribe("t", [&](const wire::Message&) {
        ASSERT_TRUE(node->publish(message("answer")));
        node->flush();
        run_for([&] { return received_.size() == 3; }, received.size() < 2 ? 20ms : 10s);
        received.push_back(received_.size());
    });
    settle(other, *node);
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(transport->publish(message("t")));
    settle(io_, *transport);
    run_for([] { return false; }, 100ms);  // now all three wait at the node
    other.run_for(20ms);
    EXPECT_EQ(received, (std::vector<std::size_t>{0, 0, 3}));
}

TEST_F(NatsTransportTest, ShowsEverySignatureHeader) {
    const auto transport = connect();
    collect(*transport, "t");
    wire::Message sent = message("t");
    sent.signatures = {"one", "two"};
    ASSERT_TRUE(transport->publish(sent));
    ASSERT_TRUE(run_until([this] { return !received_.empty(); }));
    EXPECT_EQ(received_[0].signatures.size(), 2U);
}

TEST_F(NatsTransportTest, TellsThatNobodyListens) {
    const auto transport = connect();
    collect(*transport, "reply.*");
    wire::Message sent = message("nobody");
    sent.reply_subject = "reply.7";
    ASSERT_TRUE(transport->publish(sent));
    ASSERT_TRUE(run_until([this] { return !received_.empty(); }));
    EXPECT_TRUE(received_[0].no_responders);
}

TEST_F(NatsTransportTest, ASubscriptionThatHasEndedIsGivenBackToTheBroker) {
    const auto transport = connect();
    collect(*transport, "t");
    subscriptions_.clear();
    collect(*transport, "reply");
    wire::Message sent = message("t");
    sent.reply_subject = "reply";
    ASSERT_TRUE(transport->publish(sent));
    ASSERT_TRUE(run_until([this] { return !received_.empty(); }));
    EXPECT_TRUE(received_[0].no_responders);
}

TEST_F(NatsTransportTest, AHandlerMayEndEverySubscription) {
    const auto transport = connect();
    for (int i = 0; i < 2; ++i) {
        auto subscription = transport->subscribe("t", [this](const wire::Message& got) {
            subscriptions_.clear();
            received_.push_back(got);
        });
        ASSERT_TRUE(subscription);
        subscriptions_.push_back(std::move(*subscription));
    }
    ASSERT_TRUE(transport->publish(message("t")));
    ASSERT_TRUE(run_until([this] { return !received_.empty(); }));
    io_.restart();
    io_.run_for(20ms);
    EXPECT_EQ(received_.size(), 1U);
}

TEST_F(NatsTransportTest, GoesOnWhileManySubscriptionsComeAndGo) {
    const auto transport = connect();
    const auto sender = connect();
    collect(*transport, "kept");
    settle(io_, *transport);
    for (int round = 0; round < 30; ++round) {
        std::vector<std::unique_ptr<Subscription>> passing;
        for (int i = 0; i < 20; ++i)
            passing.push_back(std::move(*transport->subscribe("t." + std::to_string(i), [](const auto&) {})));
        for (int i = 0; i < 20; ++i)
            ASSERT_TRUE(sender->publish(message("t." + std::to_string(i))));
        ASSERT_TRUE(sender->publish(message("kept")));
        io_.restart();
        io_.run_for(5ms);  // some of the messages are read, others are not
    }
    EXPECT_TRUE(run_until([this] { return received_.size() == 30; })) << received_.size();
}

TEST_F(NatsTransportTest, ASubscriptionMayOutliveItsTransport) {
    auto transport = connect();
    collect(*transport, "t");
    transport.reset();
    subscriptions_.clear();
}

TEST_F(NatsTransportTest, TakesSubscriptionsBackDuringAnOutage) {
    const auto transport = connect();
    collect(*transport, "t");
    server_.stop();
    ASSERT_TRUE(run_until([&] { return transport->state() == ConnectionState::disconnected; }));
    subscriptions_.clear();
    collect(*transport, "t");
    server_.start();
    ASSERT_TRUE(run_until([&] { return transport->state() == ConnectionState::connected; }));
    ASSERT_TRUE(transport->publish(message("t")));
    ASSERT_TRUE(run_until([this] { return !received_.empty(); }));
    io_.restart();
    io_.run_for(20ms);
    EXPECT_EQ(received_.size(), 1U);
}

TEST_F(NatsTransportTest, RefusesMoreThanTheBrokerTakes) {
    const auto transport = connect();
    EXPECT_EQ(transport->max_payload(), 1U << 20U);
    EXPECT_EQ(transport->publish(message("t", std::string((1U << 20U) + 1, 'x'))).error().code,
              ErrorCode::too_large);
}

TEST_F(NatsTransportTest, SaysWhyItCannotConnect) {
    NatsOptions options;
    options.urls = {"nats://127.0.0.1:" + std::to_string(test::free_port())};
    options.start = NatsOptions::Start::connected;
    const auto connected = connect_nats(io_, options);
    ASSERT_FALSE(connected);
    EXPECT_EQ(connected.error().code, ErrorCode::broker_unreachable);
    EXPECT_NE(connected.error().message.find(options.urls[0]), std::string::npos);
}

TEST_F(NatsTransportTest, GoesOnAfterTheBrokerCameBack) {
    const auto transport = connect();
    std::vector<ConnectionState> states;
    transport->on_state([&](ConnectionState state, const std::string&) { states.push_back(state); });
    collect(*transport, "t");
    server_.stop();
    ASSERT_TRUE(run_until([&] { return transport->state() == ConnectionState::disconnected; }));
    server_.start();
    ASSERT_TRUE(run_until([&] { return transport->state() == ConnectionState::connected; }));
    ASSERT_TRUE(transport->publish(message("t")));
    EXPECT_TRUE(run_until([this] { return !received_.empty(); }));
    EXPECT_EQ(states, (std::vector{ConnectionState::disconnected, ConnectionState::connected}));
}

TEST_F(NatsTransportTest, GoesOnAfterABrokerThatRefusedIt) {
    const auto transport = connect();
    std::string complaints;
    transport->on_error([&](const std::string& reason) { complaints += reason + '\n'; });
    collect(*transport, "t");
    server_.stop();
    server_.start({"--user", "ops", "--pass", "word"});
    const auto has_given_up = [&] { return complaints.find("the broker refuses us (") != std::string::npos; };
    ASSERT_TRUE(run_until(has_given_up)) << complaints;
    const auto later = transport->subscribe("later", [this](const auto& got) { received_.push_back(got); });
    server_.stop();
    server_.start({});
    ASSERT_TRUE(run_until([&] { return transport->state() == ConnectionState::connected; }));
    ASSERT_TRUE(transport->publish(message("t")));
    ASSERT_TRUE(transport->publish(message("later")));
    EXPECT_TRUE(run_until([this] { return received_.size() == 2; }));
}

TEST_F(NatsTransportTest, GoesOnAfterEachOfManyOutages) {
    const auto transport = connect();
    collect(*transport, "t");
    for (std::size_t outage = 1; outage <= 5; ++outage) {
        server_.stop();
        ASSERT_TRUE(run_until([&] { return transport->state() == ConnectionState::disconnected; }));
        server_.start();
        ASSERT_TRUE(run_until([&] { return transport->state() == ConnectionState::connected; }));
        ASSERT_TRUE(transport->publish(message("t")));
        ASSERT_TRUE(run_until([&] { return received_.size() == outage; })) << "after outage " << outage;
    }
}

TEST_F(NatsTransportTest, StaysConnectedWithNothingToWrite) {
    const auto transport = connect();
    int changes = 0;
    transport->on_state([&](ConnectionState, const std::string&) { ++changes; });
    io_.run_for(300ms);
    EXPECT_EQ(changes, 0);
    collect(*transport, "t");
    ASSERT_TRUE(transport->publish(message("t")));
    EXPECT_TRUE(run_until([this] { return !received_.empty(); }));
}

TEST_F(NatsTransportTest, WritesTheRestWhenTheBrokerTakesItAgain) {
    const auto transport = connect();
    collect(*transport, "t");
    io_.run_for(50ms);  // the subscription must be at the broker first
    server_.pause();
    for (int i = 0; i < 12; ++i) {
        ASSERT_TRUE(transport->publish(message("t", std::string(900'000, 'x'))));
        io_.restart();
        io_.run_for(1ms);
    }
    io_.run_for(50ms);
    server_.go_on();
    EXPECT_TRUE(run_until([this] { return received_.size() == 12; })) << received_.size();
}

TEST_F(NatsTransportTest, StartsBeforeTheBrokerDoes) {
    server_.stop();
    const auto transport = connect(NatsOptions::Start::retry);
    collect(*transport, "t");
    EXPECT_EQ(transport->state(), ConnectionState::connecting);
    server_.start();
    ASSERT_TRUE(run_until([&] { return transport->state() == ConnectionState::connected; }));
    ASSERT_TRUE(transport->publish(message("t")));
    EXPECT_TRUE(run_until([this] { return !received_.empty(); }));
}

TEST_F(NatsTransportTest, LosesNothingInABurst) {
    const auto transport = connect();
    const auto receiver = connect();
    collect(*receiver, "t");
    settle(io_, *receiver);
    for (int i = 0; i < 5000; ++i)
        ASSERT_TRUE(transport->publish(message("t", std::string(500, 'x'))));
    EXPECT_TRUE(run_until([this] { return received_.size() == 5000; })) << received_.size();
    EXPECT_EQ(receiver->dropped(), 0U);
}

}  // namespace
}  // namespace hocket::transport
