#include "core/wire/x509.h"

#include "core/wire/certificate_names.h"

namespace hocket::wire {

namespace {

// A clock that is a little slow is no reason to refuse what the nodes, with theirs, may take.
constexpr std::int64_t k_own_clock_margin_ms = 60'000;

constexpr std::size_t k_max_remembered_callers = 1000;
constexpr std::size_t k_max_remembered_nodes = 100'000;

/// What everybody would refuse, said before it is used.
Result<void> check_own(const crypto::Certificate& certificate, crypto::CertificateUse use) {
    const Result<void> checked = certificate.check_use(use);
    if (checked) return {};
    const char* others = use == crypto::CertificateUse::client_auth ? "nodes" : "callers";
    return Error{ErrorCode::invalid_key,
                 certificate.title() + ": " + checked.error().message + ", so " + others + " refuse it",
                 {}};
}

Result<void> check_separation(std::string_view identity, const Credential& credential,
                              const crypto::Trust& callers, const CallerAllowList& allowed) {
    if (!callers.reaches(credential.chain())) return {};
    const std::string why = "the CA in " + callers.ca_file().string() +
                            " vouches for this node too, so a stolen node could pass for a caller: ";
    if (allowed.empty())
        return Error{ErrorCode::invalid_config, why + "name the callers in [callers] allow", {}};
    // Its name as a caller has the letters of the certificate, an identity is in lower case.
    const Result<std::string> as_caller = caller_name(credential.certificate());
    for (const std::string& name : {std::string(identity), as_caller.value_or(std::string(identity))}) {
        if (!allowed.matches(name)) continue;
        return Error{ErrorCode::invalid_config,
                     why + "[callers] allow must match no node, and it matches '" + name + "'",
                     {}};
    }
    return {};
}

}  // namespace

Result<X509NodeKeys> X509NodeKeys::make(std::string_view identity, Credential credential,
                                        crypto::Trust callers, CallerAllowList allowed, const Clock& clock,
                                        int new_chains_per_second) {
    const crypto::Certificate& own = credential.certificate();
    const Result<std::string> name = node_name(own);
    if (!name) return Error{ErrorCode::invalid_key, name.error().message, {}};
    if (*name != identity) {
        return Error{ErrorCode::invalid_key,
                     own.title() + ": it is that of node '" + *name + "', this one is '" +
                         std::string(identity) + "'; set identity, or use this node's certificate",
                     {}};
    }
    if (Result<void> checked = check_own(own, crypto::CertificateUse::server_auth); !checked)
        return checked.error();
    if (Result<void> checked = check_separation(identity, credential, callers, allowed); !checked)
        return checked.error();
    const double rate = new_chains_per_second;
    CertificateVerifier verifier(std::move(callers),
                                 {MessageType::request, crypto::CertificateUse::client_auth, caller_name,
                                  k_max_remembered_callers, TokenBucket(rate, rate)},
                                 clock);
    return X509NodeKeys(std::move(credential), std::move(verifier), std::move(allowed));
}

X509NodeKeys::X509NodeKeys(Credential credential, CertificateVerifier callers, CallerAllowList allowed)
    : credential_(std::move(credential)), callers_(std::move(callers)), allowed_(std::move(allowed)) {}

Result<RequestSigner> X509NodeKeys::verify_request(std::string_view header_value,
                                                   std::string_view payload) const {
    return admit(callers_.verify(header_value, payload));
}

std::optional<Result<RequestSigner>> X509NodeKeys::verify_remembered(const SignatureParts& parts,
                                                                     std::string_view payload) const {
    const auto signer = callers_.verify_remembered(parts, payload);
    if (!signer) return std::nullopt;
    return admit(*signer);
}

Result<RequestSigner> X509NodeKeys::verify_new(const DetachedJws& jws, std::string_view payload) const {
    return admit(callers_.verify_new(jws, payload));
}

Result<RequestSigner> X509NodeKeys::admit(const Result<ChainSigner>& signer) const {
    if (!signer) return signer.error();
    if (!allowed_.allows(signer->name)) {
        return Error{
            ErrorCode::untrusted_certificate, "caller '" + signer->name + "' is not in [callers] allow", {}};
    }
    return RequestSigner{RequestSigner::Kind::certificate, "cert=" + signer->name, signer->fingerprint};
}

std::string X509NodeKeys::sign_reply(const RequestSigner&, std::string_view payload) const {
    return credential_.sign_reply(payload);
}

Result<X509CallerKeys> X509CallerKeys::make(Credential credential, crypto::Trust nodes, const Clock& clock) {
    const crypto::Certificate& own = credential.certificate();
    const Result<std::string> name = caller_name(own);
    if (!name) return Error{ErrorCode::invalid_key, name.error().message, {}};
    if (Result<void> checked = check_own(own, crypto::CertificateUse::client_auth); !checked)
        return checked.error();
    const std::int64_t now = clock.wall_ms();
    if (own.not_before_ms() > now + k_own_clock_margin_ms) {
        return Error{ErrorCode::invalid_key,
                     own.title() + ": not valid before " + utc_text(own.not_before_ms()) + ", and now is " +
                         utc_text(now) +
                         " by the clock of this machine; if that is right, nodes would drop every request",
                     {}};
    }
    if (own.not_after_ms() < now) {
        return Error{ErrorCode::invalid_key,
                     own.title() + ": expired at " + utc_text(own.not_after_ms()) +
                         ", so nodes would drop every request; renew it: hocket keys cert renew",
                     {}};
    }
    CertificateVerifier verifier(std::move(nodes),
                                 {MessageType::reply, crypto::CertificateUse::server_auth, node_name,
                                  k_max_remembered_nodes, std::nullopt},
                                 clock);
    return X509CallerKeys("cert=" + *name, std::move(credential), std::move(verifier));
}

X509CallerKeys::X509CallerKeys(std::string caller, Credential credential, CertificateVerifier nodes)
    : caller_(std::move(caller)), credential_(std::move(credential)), nodes_(std::move(nodes)) {}

Result<std::string> X509CallerKeys::verify_reply(std::string_view header_value,
                                                 std::string_view payload) const {
    Result<ChainSigner> signer = nodes_.verify(header_value, payload);
    if (!signer) return signer.error();
    return std::move(signer->name);
}

}  // namespace hocket::wire
