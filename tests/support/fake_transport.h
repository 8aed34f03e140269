#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/transport/loopback.h"

namespace hocket::test {

/// The loopback broker, with a connection that a test can interrupt and a broker that it can let complain.
class FakeTransport final : public transport::Transport {
public:
    explicit FakeTransport(transport::LoopbackBroker& broker) : loopback_(broker) {}

    Result<std::unique_ptr<transport::Subscription>> subscribe(const std::string& subject,
                                                               MessageHandler handler) override {
        subscribed_.push_back(subject);
        return loopback_.subscribe(subject, std::move(handler));
    }
    Result<void> publish(const wire::Message& message) override {
        subjects_.push_back(message.subject);
        payloads_.push_back(message.payload);
        return loopback_.publish(message);
    }
    void flush() override { flushed_ = subjects_.size(); }
    std::size_t max_payload() const override { return loopback_.max_payload(); }
    transport::ConnectionState state() const override { return transport::ConnectionState::connected; }
    std::string broker() const override { return "loopback"; }
    std::uint64_t dropped() const override { return 0; }
    void on_state(StateHandler handler) override { state_handler_ = std::move(handler); }
    void on_error(ErrorHandler handler) override { error_handler_ = std::move(handler); }

    void reconnect() { state_handler_(transport::ConnectionState::connected, ""); }
    void complain(const std::string& reason) { error_handler_(reason); }

    const std::vector<std::string>& subscribed() const { return subscribed_; }
    const std::vector<std::string>& subjects() const { return subjects_; }
    const std::vector<std::string>& payloads() const { return payloads_; }
    /// How many messages were published before flush() was called.
    std::size_t flushed() const { return flushed_; }

private:
    transport::LoopbackTransport loopback_;
    StateHandler state_handler_;
    ErrorHandler error_handler_;
    std::vector<std::string> subscribed_;
    std::vector<std::string> subjects_;
    std::vector<std::string> payloads_;
    std::size_t flushed_ = 0;
};

}  // namespace hocket::test
