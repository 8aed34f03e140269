#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

#include "core/base/result.h"
#include "core/wire/message.h"

namespace hocket::admission {

struct DuplicateLimits {
    std::size_t max_entries = 200'000;         ///< half of them at most for one caller
    std::size_t max_reply_bytes = 64U << 20U;  ///< replies kept for repetition; the oldest go first
};

/// A caller gives each request an id of its own.
struct RequestKey {
    std::string caller;
    std::string id;

    bool operator==(const RequestKey&) const = default;
    /// By id first: most requests on a node come from few callers.
    std::strong_ordering operator<=>(const RequestKey& other) const {
        const std::strong_ordering by_id = id <=> other.id;
        return by_id == 0 ? caller <=> other.caller : by_id;
    }
};

/// Remembers each accepted (caller, id) until its request has expired, so that nothing runs twice; and the reply, so
/// that a caller who lost it can ask again with the same bytes. Bounded: full is `busy`, never eviction.
///
/// Thread: io thread only.
class Duplicates {
public:
    explicit Duplicates(DuplicateLimits limits = {}) : limits_(limits) {}
    // What is remembered points at itself: it can be moved, but not copied.
    Duplicates(const Duplicates&) = delete;
    Duplicates& operator=(const Duplicates&) = delete;
    Duplicates(Duplicates&&) = default;
    Duplicates& operator=(Duplicates&&) = default;

    /// It was not seen before; it is remembered now.
    struct First {};
    /// The same bytes again. `reply` is what was answered; null while it runs, or when it is no longer kept.
    struct Repeated {
        std::shared_ptr<const wire::Message> reply;
    };

    /// Errors: duplicate (the same id with other bytes), busy (the store is full).
    Result<std::variant<First, Repeated>> remember(const RequestKey& key, const std::string& payload_sha256,
                                                   std::int64_t expires_at_ms, std::int64_t now_ms);

    void keep_reply(const RequestKey& key, wire::Message reply);

    /// Forgets what has expired: a few at a time, so that no request waits for what a busy minute has left. Returns whether
    /// something had; remember() does it, too.
    bool expire_some(std::int64_t now_ms);

    std::size_t size() const { return entries_.size(); }

private:
    struct Entry;
    using Remembered = std::pair<const RequestKey, Entry>;
    using ByExpiry = std::multimap<std::int64_t, Remembered*>;
    using Replies = std::list<Remembered*>;

    struct Entry {
        std::string payload_sha256;
        std::shared_ptr<const wire::Message> reply;
        ByExpiry::iterator by_expiry;
        Replies::iterator among_replies;  ///< while there is one
    };
    using Entries = std::map<RequestKey, Entry>;

    bool is_full_for(const std::string& caller) const;
    void erase(Entries::iterator entry);
    void release_reply(Entry& entry);

    DuplicateLimits limits_;
    Entries entries_;
    ByExpiry by_expiry_;
    Replies replies_;  ///< the oldest first
    std::unordered_map<std::string, std::size_t> per_caller_;
    std::size_t reply_bytes_ = 0;
};

}  // namespace hocket::admission
