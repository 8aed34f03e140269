#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/wire/message.h"

namespace hocket::transport {

enum class ConnectionState { connecting, connected, disconnected };

std::string_view to_string(ConnectionState state);

/// The messages of one subject come as long as this lives. It may outlive its transport, and may be destroyed by any
/// handler, its own included.
/// Thread: io thread only.
class Subscription {
public:
    Subscription() = default;
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;
    virtual ~Subscription() = default;
};

/// Carries messages to and from a broker. Delivery is at most once: what is published during an outage may be lost
/// without a word, so who needs an answer asks again with the same bytes.
///
/// Thread: io thread only; handlers run there too, never from inside a call.
class Transport {
public:
    using MessageHandler = std::function<void(const wire::Message&)>;
    using StateHandler = std::function<void(ConnectionState, const std::string& detail)>;
    using ErrorHandler = std::function<void(const std::string& reason)>;

    virtual ~Transport() = default;

    /// Messages of a subject, which may hold `*` and a last `>`.
    /// Errors: broker_unreachable.
    virtual Result<std::unique_ptr<Subscription>> subscribe(const std::string& subject,
                                                            MessageHandler handler) = 0;

    /// Errors: too_large (over max_payload), broker_unreachable.
    virtual Result<void> publish(const wire::Message& message) = 0;

    /// Sends what was published without waiting for the end of the current event. Never blocks. It does nothing without a
    /// connection, and while more messages of the same subscription wait to be handled: the answers to all go together.
    virtual void flush() = 0;

    /// Bytes that the broker takes in one message, header included; 0 before the first connection.
    virtual std::size_t max_payload() const = 0;

    virtual ConnectionState state() const = 0;

    /// The broker in use, for people: "nats://127.0.0.1:4222".
    virtual std::string broker() const = 0;

    /// Messages that were dropped because they came faster than they were taken.
    virtual std::uint64_t dropped() const = 0;

    virtual void on_state(StateHandler handler) = 0;

    /// What the broker complains about later: a refused subscription or publish.
    virtual void on_error(ErrorHandler handler) = 0;
};

}  // namespace hocket::transport
