#include "runner/admission/duplicates.h"

namespace hocket::admission {

namespace {

constexpr int k_expired_at_once = 64;

std::size_t bytes_of(const wire::Message& message) {
    return message.payload.size() + message.subject.size();
}

}  // namespace

Result<std::variant<Duplicates::First, Duplicates::Repeated>> Duplicates::remember(
    const RequestKey& key, const std::string& payload_sha256, std::int64_t expires_at_ms,
    std::int64_t now_ms) {
    expire_some(now_ms);
    auto known = entries_.find(key);
    if (known != entries_.end() && known->second.expires_at_ms < now_ms) {
        erase(known);
        known = entries_.end();
    }
    if (known != entries_.end()) {
        if (known->second.payload_sha256 != payload_sha256) {
            return Error{
                ErrorCode::duplicate, "request id " + key.id + " was used before, with other bytes", {}};
        }
        return std::variant<First, Repeated>(Repeated{known->second.reply});
    }
    while (is_full_for(key.caller) && expire_some(now_ms))
        continue;
    std::size_t& of_caller = per_caller_[key.caller];
    if (is_full_for(key.caller)) {
        return Error{ErrorCode::busy,
                     "this node remembers " + std::to_string(entries_.size()) + " requests, " +
                         std::to_string(of_caller) + " of them from " + key.caller +
                         ", and takes no more until some expire; ask again later, or with a shorter ttl",
                     {}};
    }
    ++of_caller;
    entries_.emplace(key, Entry{payload_sha256, expires_at_ms, nullptr});
    by_expiry_.emplace(expires_at_ms, key);
    return std::variant<First, Repeated>(First{});
}

void Duplicates::keep_reply(const RequestKey& key, wire::Message reply) {
    const auto entry = entries_.find(key);
    if (entry == entries_.end()) return;
    reply_bytes_ += bytes_of(reply);
    entry->second.reply = std::make_shared<const wire::Message>(std::move(reply));
    replies_in_order_.push_back(key);
    while (reply_bytes_ > limits_.max_reply_bytes && !replies_in_order_.empty()) {
        const auto oldest = entries_.find(replies_in_order_.front());
        replies_in_order_.pop_front();
        if (oldest == entries_.end() || !oldest->second.reply) continue;
        reply_bytes_ -= bytes_of(*oldest->second.reply);
        oldest->second.reply.reset();
    }
}

bool Duplicates::is_full_for(const std::string& caller) const {
    const auto of_caller = per_caller_.find(caller);
    return entries_.size() >= limits_.max_entries ||
           (of_caller != per_caller_.end() && of_caller->second >= (limits_.max_entries + 1) / 2);
}

/// A few at a time, so that no request waits for what a busy minute has left. Returns whether something had expired.
bool Duplicates::expire_some(std::int64_t now_ms) {
    const std::size_t before = by_expiry_.size();
    for (int i = 0; i < k_expired_at_once && !by_expiry_.empty() && by_expiry_.begin()->first < now_ms; ++i) {
        const auto entry = entries_.find(by_expiry_.begin()->second);
        if (entry == entries_.end()) {
            by_expiry_.erase(by_expiry_.begin());
        } else {
            erase(entry);
        }
    }
    for (int i = 0; i < k_expired_at_once && !replies_in_order_.empty(); ++i) {
        if (entries_.contains(replies_in_order_.front())) break;
        replies_in_order_.pop_front();
    }
    return by_expiry_.size() < before;
}

void Duplicates::erase(Entries::iterator entry) {
    if (entry->second.reply) reply_bytes_ -= bytes_of(*entry->second.reply);
    const auto [first, last] = by_expiry_.equal_range(entry->second.expires_at_ms);
    for (auto at = first; at != last; ++at) {
        if (at->second == entry->first) {
            by_expiry_.erase(at);
            break;
        }
    }
    const auto of_caller = per_caller_.find(entry->first.caller);
    if (--of_caller->second == 0) per_caller_.erase(of_caller);
    entries_.erase(entry);
}

}  // namespace hocket::admission
