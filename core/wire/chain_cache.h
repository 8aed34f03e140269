#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/crypto/asymmetric_key.h"

namespace hocket::wire {

/// Whom a verified chain of certificates names, and how its signatures are checked.
struct ChainSigner {
    std::string name;
    std::string fingerprint;  ///< SHA-256 of the signer's certificate in hexadecimal
    crypto::PublicKey key;
    crypto::SignatureAlgorithm algorithm;
    std::int64_t valid_until_ms = 0;  ///< Unix time: the chain has to be verified again then
};

/// Chains that were verified before, by the protected header that carried them: the header of a key hardly ever changes,
/// so nothing of it is read twice. One for each certificate, so that nobody can fill it with variants of a header.
/// Bounded; the one that was not used for the longest time goes first.
/// Thread: one.
class ChainCache {
public:
    explicit ChainCache(std::size_t max_entries) : max_entries_(max_entries) {}

    /// Null when it is not known, or not valid any longer.
    const ChainSigner* find(std::string_view protected_text, std::int64_t now_ms);

    void insert(std::string_view protected_text, ChainSigner signer);

    std::size_t size() const { return entries_.size(); }

private:
    struct Entry {
        std::string digest;
        ChainSigner signer;
    };

    using Place = std::list<Entry>::iterator;

    void erase(Place entry);

    std::size_t max_entries_;
    std::list<Entry> entries_;  ///< the last used first
    std::unordered_map<std::string, Place> by_digest_;
    std::unordered_map<std::string, Place> by_fingerprint_;
};

}  // namespace hocket::wire
