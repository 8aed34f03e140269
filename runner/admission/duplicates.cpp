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
    if (known != entries_.end() && known->second.by_expiry->first < now_ms) {
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
    const auto entry = entries_.emplace(key, Entry{payload_sha256, nullptr, {}, {}}).first;
    entry->second.by_expiry = by_expiry_.emplace(expires_at_ms, &*entry);
    return std::variant<First, Repeated>(First{});
}

void Duplicates::keep_reply(const RequestKey& key, wire::Message reply) {
    const auto entry = entries_.find(key);
    if (entry == entries_.end()) return;
    release_reply(entry->second);
    reply_bytes_ += bytes_of(reply);
    entry->second.reply = std::make_shared<const wire::Message>(std::move(reply));
    entry->second.among_replies = replies_.insert(replies_.end(), &*entry);
    while (reply_bytes_ > limits_.max_reply_bytes)
        release_reply(replies_.front()->second);
}

void Duplicates::release_reply(Entry& entry) {
    if (!entry.reply) return;
    reply_bytes_ -= bytes_of(*entry.reply);
    entry.reply.reset();
    replies_.erase(entry.among_replies);
}

bool Duplicates::is_full_for(const std::string& caller) const {
    const auto of_caller = per_caller_.find(caller);
    return entries_.size() >= limits_.max_entries ||
           (of_caller != per_caller_.end() && of_caller->second >= (limits_.max_entries + 1) / 2);
}

bool Duplicates::expire_some(std::int64_t now_ms) {
    const std::size_t before = entries_.size();
    for (int i = 0; i < k_expired_at_once && !by_expiry_.empty() && by_expiry_.begin()->first < now_ms; ++i)
        erase(entries_.find(by_expiry_.begin()->second->first));
    return entries_.size() < before;
}

void Duplicates::erase(Entries::iterator entry) {
    release_reply(entry->second);
    by_expiry_.erase(entry->second.by_expiry);
    const auto of_caller = per_caller_.find(entry->first.caller);
    if (--of_caller->second == 0) per_caller_.erase(of_caller);
    entries_.erase(entry);
}

}  // namespace hocket::admission
