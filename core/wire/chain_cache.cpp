#include "core/wire/chain_cache.h"

#include <iterator>

#include "core/crypto/digest.h"

namespace hocket::wire {

const ChainSigner* ChainCache::find(std::string_view protected_text, std::int64_t now_ms) {
    const auto found = by_digest_.find(crypto::sha256(protected_text));
    if (found == by_digest_.end()) return nullptr;
    const Place entry = found->second;
    if (entry->signer.valid_until_ms < now_ms) {
        erase(entry);
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, entry);
    return &entry->signer;
}

void ChainCache::insert(std::string_view protected_text, ChainSigner signer) {
    const auto older = by_fingerprint_.find(signer.fingerprint);
    if (older != by_fingerprint_.end()) erase(older->second);
    entries_.push_front({crypto::sha256(protected_text), std::move(signer)});
    by_digest_.insert_or_assign(entries_.front().digest, entries_.begin());
    by_fingerprint_.insert_or_assign(entries_.front().signer.fingerprint, entries_.begin());
    if (entries_.size() > max_entries_) erase(std::prev(entries_.end()));
}

void ChainCache::erase(Place entry) {
    by_digest_.erase(entry->digest);
    by_fingerprint_.erase(entry->signer.fingerprint);
    entries_.erase(entry);
}

}  // namespace hocket::wire
