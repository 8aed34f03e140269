#include "core/wire/chain_cache.h"

#include "core/crypto/digest.h"

namespace hocket::wire {

const ChainSigner* ChainCache::find(std::string_view protected_text, std::int64_t now_ms) {
    const auto found = by_digest_.find(crypto::sha256(protected_text));
    if (found == by_digest_.end()) return nullptr;
    const auto entry = found->second;
    if (entry->signer.valid_until_ms < now_ms) {
        by_digest_.erase(found);
        entries_.erase(entry);
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, entry);
    return &entry->signer;
}

void ChainCache::insert(std::string_view protected_text, ChainSigner signer) {
    const std::string digest = crypto::sha256(protected_text);
    if (by_digest_.contains(digest)) return;
    entries_.push_front({digest, std::move(signer)});
    by_digest_.emplace(digest, entries_.begin());
    if (entries_.size() <= max_entries_) return;
    by_digest_.erase(entries_.back().digest);
    entries_.pop_back();
}

}  // namespace hocket::wire
