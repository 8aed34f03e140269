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
        Result<std::string> (*name_of)(const crypto::Certificate&);
        std::size_t max_remembered;
        std::optional<TokenBucket> new_chains;  ///< none: as many as come
    };

    /// The clock must outlive it.
    CertificateVerifier(crypto::Trust trust, Rules rules, const Clock& clock);

    /// Errors: malformed_signature, untrusted_certificate, rate_limited, bad_signature.
    Result<ChainSigner> verify(std::string_view header_value, std::string_view payload);

    /// In two steps, for who looks at the header himself in between. None: its chain was not verified before.
    std::optional<Result<ChainSigner>> verify_remembered(const SignatureParts& parts,
                                                         std::string_view payload);
    Result<ChainSigner> verify_new(const DetachedJws& jws, std::string_view payload);

    const crypto::Trust& trust() const { return trust_; }

private:
    Result<ChainSigner> verify_chain(const DetachedJws& jws);

    crypto::Trust trust_;
    Rules rules_;
    const Clock& clock_;
    ChainCache cache_;
};

}  // namespace hocket::wire
