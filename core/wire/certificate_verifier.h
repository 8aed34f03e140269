#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/crypto/trust.h"
#include "core/wire/chain_cache.h"
#include "core/wire/jws.h"
#include "core/wire/token_bucket.h"

namespace hocket::wire {

/// Checks messages that were signed with certificates (spec/protocol.md, certificates). A chain is verified once, and
/// remembered only when a signature of its key held.
/// Thread: one.
class CertificateVerifier {
public:
    struct Rules {
        MessageType type;
        crypto::CertificateUse use;
        std::size_t max_certificates;
        Result<std::string> (*name_of)(const crypto::Certificate&);
        std::size_t max_remembered;
        std::optional<TokenBucket> new_chains;  ///< none: as many as come
    };

    /// The clock must outlive it.
    CertificateVerifier(crypto::Trust trust, Rules rules, const Clock& clock);

    /// Errors: malformed_signature, untrusted_certificate, rate_limited, bad_signature.
    Result<ChainSigner> verify(std::string_view header_value, std::string_view payload);

    /// Whether the chain in a header value was verified before.
    bool remembers(std::string_view header_value);

    const crypto::Trust& trust() const { return trust_; }

private:
    Result<ChainSigner> verify_chain(std::string_view header_value);

    crypto::Trust trust_;
    Rules rules_;
    const Clock& clock_;
    ChainCache cache_;
};

}  // namespace hocket::wire
