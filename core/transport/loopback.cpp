#include "core/transport/loopback.h"

#include <boost/asio/post.hpp>

#include "core/transport/subject_match.h"

namespace hocket::transport {

struct LoopbackBroker::Listener {
    std::string subject;
    Transport::MessageHandler handler;
};

std::unique_ptr<Subscription> LoopbackBroker::subscribe(const std::string& subject,
                                                        Transport::MessageHandler handler) {
    struct Holder final : Subscription {
        explicit Holder(std::shared_ptr<Listener> held) : listener(std::move(held)) {}
        std::shared_ptr<Listener> listener;
    };
    auto holder = std::make_unique<Holder>(std::make_shared<Listener>(Listener{subject, std::move(handler)}));
    listeners_.emplace_back(holder->listener);
    return holder;
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
    std::erase_if(listeners_, [](const auto& listener) { return listener.expired(); });
    std::size_t receivers = 0;
    for (const std::weak_ptr<Listener>& each : std::vector(listeners_)) {  // a handler may subscribe
        const std::shared_ptr<Listener> listener = each.lock();
        if (!listener || !subject_matches(listener->subject, message.subject)) continue;
        ++receivers;
        listener->handler(message);
    }
    return receivers;
}

Result<std::unique_ptr<Subscription>> LoopbackTransport::subscribe(const std::string& subject,
                                                                   MessageHandler handler) {
    return broker_.subscribe(subject, std::move(handler));
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
