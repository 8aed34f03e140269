#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/transport/transport.h"

namespace hocket::transport {

/// A broker inside this process: every message goes through the io_context to whoever subscribed, as NATS does it,
/// "no responders" included. For tests, and for running an agent without a broker.
///
/// Owns:   nothing; the transports that use it must not outlive it.
/// Thread: io thread only.
class LoopbackBroker {
public:
    explicit LoopbackBroker(boost::asio::io_context& io) : io_(io) {}

    [[nodiscard]] std::unique_ptr<Subscription> subscribe(const std::string& subject,
                                                          Transport::MessageHandler handler);
    void publish(const wire::Message& message);

private:
    struct Listener;

    std::size_t deliver(const wire::Message& message);

    boost::asio::io_context& io_;
    std::vector<std::weak_ptr<Listener>> listeners_;
};

class LoopbackTransport final : public Transport {
public:
    explicit LoopbackTransport(LoopbackBroker& broker, std::size_t max_payload = 1U << 20U)
        : broker_(broker), max_payload_(max_payload) {}

    Result<std::unique_ptr<Subscription>> subscribe(const std::string& subject,
                                                    MessageHandler handler) override;
    Result<void> publish(const wire::Message& message) override;
    void flush() override {}
    std::size_t max_payload() const override { return max_payload_; }
    ConnectionState state() const override { return ConnectionState::connected; }
    std::string broker() const override { return "loopback"; }
    std::uint64_t dropped() const override { return 0; }
    void on_state(StateHandler handler) override { (void)handler; }
    void on_error(ErrorHandler handler) override { (void)handler; }

private:
    LoopbackBroker& broker_;
    std::size_t max_payload_;
};

}  // namespace hocket::transport
