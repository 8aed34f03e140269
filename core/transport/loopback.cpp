#include "core/transport/loopback.h"

#include <boost/asio/post.hpp>

#include "core/transport/subject_match.h"

namespace hocket::transport {

std::string_view to_string(ConnectionState state) {
    switch (state) {
        case ConnectionState::connecting: return "connecting";
        case ConnectionState::connected: return "connected";
        case ConnectionState::disconnected: return "disconnected";
    }
    return "disconnected";
}

void LoopbackBroker::subscribe(const std::string& subject, Transport::MessageHandler handler) {
    subscriptions_.push_back({subject, std::move(handler)});
}

void LoopbackBroker::publish(const wire::Message& message) {
    boost::asio::post(io_, [this, message] {
        if (deliver(message) > 0 || message.reply_subject.empty()) return;
        wire::Message unanswered;
        unanswered.subject = message.reply_subject;
        unanswered.no_responders = true;
        deliver(unanswered);
    });
}

std::size_t LoopbackBroker::deliver(const wire::Message& message) {
    std::size_t receivers = 0;
    for (std::size_t i = 0; i < subscriptions_.size(); ++i) {  // a handler may subscribe
        if (!subject_matches(subscriptions_[i].subject, message.subject)) continue;
        ++receivers;
        subscriptions_[i].handler(message);
    }
    return receivers;
}

Result<void> LoopbackTransport::subscribe(const std::string& subject, MessageHandler handler) {
    broker_.subscribe(subject, std::move(handler));
    return {};
}

Result<void> LoopbackTransport::publish(const wire::Message& message) {
    if (message.payload.size() > max_payload_) {
        return Error{ErrorCode::too_large,
                     "a message of " + std::to_string(message.payload.size()) + " bytes, the broker takes " +
                         std::to_string(max_payload_),
                     {}};
    }
    broker_.publish(message);
    return {};
}

}  // namespace hocket::transport
