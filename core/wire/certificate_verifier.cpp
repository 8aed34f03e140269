#include "core/wire/certificate_verifier.h"

#include "core/base/text.h"

namespace hocket::wire {

namespace {

Error malformed(const std::string& message) {
    return {ErrorCode::malformed_signature, message, {}};
}

Result<std::vector<crypto::Certificate>> read_chain(const DetachedJws& jws) {
    if (jws.certificates.empty()) return malformed("it was not signed with a certificate");
    std::vector<crypto::Certificate> chain;
    for (const std::string& der : jws.certificates) {
        Result<crypto::Certificate> certificate = crypto::Certificate::from_der(der);
        if (!certificate) return malformed("x5c: " + certificate.error().message);
        chain.push_back(std::move(*certificate));
    }
    return chain;
}

Result<crypto::SignatureAlgorithm> algorithm_for(const DetachedJws& jws, const crypto::PublicKey& key) {
    const auto algorithm = crypto::signature_algorithm_from(jws.algorithm);
    if (algorithm && crypto::fits(*algorithm, key.type())) return *algorithm;
    return malformed("algorithm " + quote_bytes(jws.algorithm) + " is not one for a key of type " +
                     key.description());
}

Result<void> check_signature(const ChainSigner& signer, std::string_view protected_text,
                             std::string_view signature, std::string_view payload) {
    if (signer.key.verify(signer.algorithm, signed_bytes(protected_text, payload), signature)) return {};
    return Error{
        ErrorCode::bad_signature, "the signature of certificate '" + signer.name + "' does not hold", {}};
}

}  // namespace

CertificateVerifier::CertificateVerifier(crypto::Trust trust, Rules rules, const Clock& clock)
    : trust_(std::move(trust)), rules_(rules), clock_(clock), cache_(rules.max_remembered) {}

Result<ChainSigner> CertificateVerifier::verify(std::string_view header_value, std::string_view payload) {
    const Result<SignatureParts> parts = split_signature(header_value);
    if (!parts) return parts.error();
    if (auto remembered = verify_remembered(*parts, payload)) return std::move(*remembered);
    const Result<DetachedJws> jws = parse_detached_jws(*parts, rules_.type);
    if (!jws) return jws.error();
    return verify_new(*jws, payload);
}

std::optional<Result<ChainSigner>> CertificateVerifier::verify_remembered(const SignatureParts& parts,
                                                                          std::string_view payload) {
    const ChainSigner* signer = cache_.find(parts.protected_text, clock_.wall_ms());
    if (signer == nullptr) return std::nullopt;
    if (Result<void> held = check_signature(*signer, parts.protected_text, parts.signature, payload); !held)
        return held.error();
    return *signer;
}

Result<ChainSigner> CertificateVerifier::verify_new(const DetachedJws& jws, std::string_view payload) {
    const Result<ChainSigner> signer = verify_chain(jws);
    if (!signer) return signer.error();
    if (Result<void> held = check_signature(*signer, jws.protected_text, jws.signature, payload); !held)
        return held.error();
    cache_.insert(jws.protected_text, *signer);
    return signer;
}

Result<ChainSigner> CertificateVerifier::verify_chain(const DetachedJws& jws) {
    const Result<std::vector<crypto::Certificate>> chain = read_chain(jws);
    if (!chain) return chain.error();
    if (rules_.new_chains && !rules_.new_chains->take(clock_.steady())) {
        return Error{
            ErrorCode::rate_limited, "too many certificates at a time that were not seen before", {}};
    }
    const crypto::Certificate& leaf = chain->front();
    const Result<std::int64_t> until = trust_.verify(*chain, rules_.use, clock_.wall_ms());
    if (!until) return until.error();
    Result<std::string> name = rules_.name_of(leaf);
    if (!name) return name.error();
    Result<crypto::PublicKey> key = leaf.public_key();
    if (!key) return key.error();
    const Result<crypto::SignatureAlgorithm> algorithm = algorithm_for(jws, *key);
    if (!algorithm) return algorithm.error();
    return ChainSigner{std::move(*name), leaf.fingerprint(), std::move(*key), *algorithm, *until};
}

}  // namespace hocket::wire
