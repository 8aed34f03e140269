#include "client/lib/reply_line.h"

#include "core/base/encoding.h"
#include "core/crypto/random.h"
#include "core/wire/subject.h"

namespace hocket::client {

namespace {

constexpr std::size_t k_session_bytes = 9;  // 12 characters

}  // namespace

std::optional<std::string> ReplyLine::take(const std::string& identity, const std::string& request_id,
                                           transport::Transport::MessageHandler handler) {
    if (!reply_subject_.empty()) return std::nullopt;
    if (identity != identity_) subscription_.reset();
    identity_ = identity;
    if (!subscription_ && !subscribe()) return std::nullopt;
    reply_subject_ = wire::reply_subject(collective_, caller_, request_id, 0, session_);
    handler_ = std::move(handler);
    was_answered_ = false;
    return reply_subject_;
}

// The broker answers a request for which nobody is there, or the node answers. When nothing has come yet, something that
// does not say which request it is for may still come, so no other request may have this subscription.
void ReplyLine::give_back(bool may_be_answered_again) {
    reply_subject_.clear();
    handler_ = nullptr;
    if (!was_answered_ || may_be_answered_again || is_refused_) subscription_.reset();
}

void ReplyLine::on_refused(const std::string& reason) {
    if (reason.find('"' + subject_ + '"') == std::string::npos) return;
    is_refused_ = true;  // whoever has the line keeps it: cnats subscribes again on a reconnection
    if (reply_subject_.empty()) subscription_.reset();
}

Result<void> ReplyLine::subscribe() {
    is_refused_ = false;
    session_ = base64url_encode(crypto::random_bytes(k_session_bytes));
    subject_ = wire::session_subscription(collective_, caller_, session_);
    auto subscription =
        transport_.subscribe(subject_, [this](const wire::Message& message) { on_message(message); });
    if (!subscription) return subscription.error();
    subscription_ = std::move(*subscription);
    return {};
}

void ReplyLine::on_message(const wire::Message& message) {
    if (reply_subject_.empty()) return;
    if (!message.no_responders && message.subject != reply_subject_) return;  // late, for one that has ended
    was_answered_ = true;
    handler_(message);
}

}  // namespace hocket::client
