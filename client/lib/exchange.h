#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/lib/session.h"
#include "client/lib/signed_request.h"
#include "core/wire/message.h"

namespace hocket::client {

/// Sends one signed request and hears what comes back for it, until it is destroyed. Judges nothing.
///
/// A request with targets goes to each target's own subject, and the reply subject ends with the target's index; one
/// without goes to all nodes at once, and its reply subject ends with "all". Each reply subject has a subscription
/// of its own: cnats reports "no responders" without a subject, and a node that forges it must not speak for others.
/// A request to one node takes the session's reply line, if it is free.
///
/// Thread: io thread only; handlers are never called from inside open() or repeat().
class Exchange {
public:
    /// `target` is the index in the request's targets; none for a broadcast.
    using MessageHandler = std::function<void(const wire::Message&, std::optional<std::size_t> target)>;

    Exchange(Session& session, SignedRequest sent) : session_(session), sent_(std::move(sent)) {}
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    ~Exchange();

    /// Subscribes to the replies, then sends to everybody.
    /// Errors: too_large, broker_unreachable.
    Result<void> open(MessageHandler handler);

    /// Whether another round may be sent (spec/protocol.md, lost messages): only as long as nodes know a duplicate, since
    /// later they would answer `expired` even while they run the request; and only so often.
    bool may_repeat() const;

    /// Sends another round of the same bytes: to these targets, or to everybody when it is a broadcast. Nodes never run a
    /// duplicate. What cannot be published is lost like any other message.
    void repeat(const std::vector<std::size_t>& targets);

    bool is_broadcast() const { return sent_.request.targets.empty(); }
    const SignedRequest& sent() const { return sent_; }

    /// Whether a complaint of the broker is about what we sent to that target, or about its replies.
    bool is_about(const std::string& reason, std::optional<std::size_t> target) const;

private:
    bool take_line();
    Result<void> subscribe(std::optional<std::size_t> target);
    Result<void> send(std::optional<std::size_t> target) const;
    std::string subject(std::optional<std::size_t> target) const;
    std::string reply_subject(std::optional<std::size_t> target) const;

    Session& session_;
    SignedRequest sent_;
    int repeats_ = 0;
    std::optional<std::string> line_;  ///< the reply subject, when we have the session's line
    MessageHandler handler_;
    std::vector<std::unique_ptr<transport::Subscription>> subscriptions_;
};

}  // namespace hocket::client
