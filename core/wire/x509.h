#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "core/crypto/trust.h"
#include "core/wire/caller_allow_list.h"
#include "core/wire/certificate_verifier.h"
#include "core/wire/credential.h"
#include "core/wire/keys.h"

namespace hocket::wire {

/// How many chains a second are verified that were not seen before; a burst may be as large. Each costs about 0.3 ms.
inline constexpr int k_new_chains_per_second = 200;

/// A node's certificate, and the callers' CA.
class X509NodeKeys final : public NodeKeys {
public:
    /// Where the CA that vouches for callers also vouches for this node, other nodes' certificates are a step away from
    /// being callers': then `allowed` must not be empty, and must not match this node.
    ///
    /// Errors: invalid_key: the certificate is not this node's, or not for a node; invalid_config.
    static Result<X509NodeKeys> make(std::string_view identity, Credential credential, crypto::Trust callers,
                                     CallerAllowList allowed, const Clock& clock,
                                     int new_chains_per_second = k_new_chains_per_second);

    Result<RequestSigner> verify_request(std::string_view header_value,
                                         std::string_view payload) const override;
    std::string sign_reply(const RequestSigner& signer, std::string_view payload) const override;

    /// The two steps of verify_request(); none: the chain was not verified before.
    std::optional<Result<RequestSigner>> verify_remembered(const SignatureParts& parts,
                                                           std::string_view payload) const;
    Result<RequestSigner> verify_new(const DetachedJws& jws, std::string_view payload) const;

    const Credential& credential() const { return credential_; }
    const crypto::Trust& callers() const { return callers_.trust(); }

private:
    X509NodeKeys(Credential credential, CertificateVerifier callers, CallerAllowList allowed);

    Result<RequestSigner> admit(const Result<ChainSigner>& signer) const;

    Credential credential_;
    mutable CertificateVerifier callers_;  ///< it remembers
    CallerAllowList allowed_;
};

/// A caller's certificate, and the nodes' CA.
class X509CallerKeys final : public CallerKeys {
public:
    /// Errors: invalid_key: the certificate is not for a caller.
    static Result<X509CallerKeys> make(Credential credential, crypto::Trust nodes, const Clock& clock);

    std::string caller() const override { return caller_; }
    std::string sign_request(std::string_view payload) const override {
        return credential_.sign_request(payload);
    }
    Result<std::string> verify_reply(std::string_view header_value, std::string_view payload) const override;

private:
    X509CallerKeys(std::string caller, Credential credential, CertificateVerifier nodes);

    std::string caller_;
    Credential credential_;
    mutable CertificateVerifier nodes_;  ///< it remembers
};

}  // namespace hocket::wire
