#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/transport/transport.h"

namespace hocket::client {

/// One subscription for the replies of a node that is asked again and again, lent to one request at a time: a broker needs
/// as long to subscribe us as a node to answer a ping.
///
/// Every other request subscribes for itself: a second one at the same time, one to several nodes, a broadcast. cnats
/// reports "no responders" without a subject, and whoever has been asked on the line could forge it: so on the line it can
/// only be about the one node that knows of it.
///
/// Thread: io thread only.
/// Owns:   the subscription. The transport must outlive it.
class ReplyLine {
public:
    ReplyLine(transport::Transport& transport, std::string collective, std::string caller)
        : transport_(transport), collective_(std::move(collective)), caller_(std::move(caller)) {}

    /// Lends the line to a request to that node alone, and returns its reply subject. The handler gets what comes for that
    /// one, and is never called from inside. None: somebody has the line, or there is none.
    std::optional<std::string> take(const std::string& identity, const std::string& request_id,
                                    transport::Transport::MessageHandler handler);

    /// Gives it back. `may_be_answered_again`: the request was sent more than once.
    void give_back(bool may_be_answered_again);

    /// What it subscribes to.
    const std::string& subject() const { return subject_; }

    /// What the broker complains about: if it is this subscription, a later request makes a new one.
    void on_refused(const std::string& reason);

private:
    Result<void> subscribe();
    void on_message(const wire::Message& message);

    transport::Transport& transport_;
    std::string collective_;
    std::string caller_;
    std::string identity_;  ///< the only node that knows the session
    std::string session_;   ///< a token of the reply subjects; a new one for each subscription
    std::string subject_;
    std::unique_ptr<transport::Subscription> subscription_;
    std::string reply_subject_;  ///< of the request that has the line; empty: nobody has it
    transport::Transport::MessageHandler handler_;
    bool was_answered_ = false;
    bool is_refused_ = false;
};

}  // namespace hocket::client
