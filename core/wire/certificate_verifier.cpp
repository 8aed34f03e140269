#include "core/wire/certificate_verifier.h"

#include "core/base/text.h"

namespace hocket::wire {

namespace {

Error malformed(const std::string& message) {
    return {ErrorCode::malformed_signature, message, {}};
}

Result<std::vector<crypto::Certificate>> read_chain(const DetachedJws& jws, std::size_t max_certificates) {
    if (jws.certificates.empty()) return malformed("it was not signed with a certificate");
    if (jws.certificates.size() > max_certificates) {
        return malformed("it carries " + std::to_string(jws.certificates.size()) +
                         " certificates, allowed are " + std::to_string(max_certificates));
    }
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

}  // namespace

CertificateVerifier::CertificateVerifier(crypto::Trust trust, Rules rules, const Clock& clock)
    : trust_(std::move(trust)), rules_(rules), clock_(clock), cache_(rules.max_remembered) {}

Result<ChainSigner> CertificateVerifier::verify(std::string_view header_value, std::string_view payload) {
    const Result<SignatureParts> parts = split_signature(header_value);
    if (!parts) return parts.error();
    const ChainSigner* remembered = cache_.find(parts->protected_text, clock_.wall_ms());
    const Result<ChainSigner> signer = remembered != nullptr ? *remembered : verify_chain(header_value);
    if (!signer) return signer.error();
    const std::string bytes = signed_bytes(parts->protected_text, payload);
    if (!signer->key.verify(signer->algorithm, bytes, parts->signature)) {
        return Error{ErrorCode::bad_signature,
                     "the signature of certificate '" + signer->name + "' does not hold",
                     {}};
    }
    if (remembered == nullptr) cache_.insert(parts->protected_text, *signer);
    return signer;
}

Result<ChainSigner> CertificateVerifier::verify_chain(std::string_view header_value) {
    const Result<DetachedJws> jws = parse_detached_jws(header_value, rules_.type);
    if (!jws) return jws.error();
    if (rules_.new_chains && !rules_.new_chains->take(clock_.steady())) {
        return Error{
            ErrorCode::rate_limited, "too many certificates at a time that were not seen before", {}};
    }
    const Result<std::vector<crypto::Certificate>> chain = read_chain(*jws, rules_.max_certificates);
    if (!chain) return chain.error();
    const crypto::Certificate& leaf = chain->front();
    const Result<std::int64_t> until = trust_.verify(*chain, rules_.use, clock_.wall_ms());
    if (!until) return until.error();
    Result<std::string> name = rules_.name_of(leaf);
    if (!name) return name.error();
    Result<crypto::PublicKey> key = leaf.public_key();
    if (!key) return key.error();
    const Result<crypto::SignatureAlgorithm> algorithm = algorithm_for(*jws, *key);
    if (!algorithm) return algorithm.error();
    return ChainSigner{std::move(*name), leaf.fingerprint(), std::move(*key), *algorithm, *until};
}

bool CertificateVerifier::remembers(std::string_view header_value) {
    const Result<SignatureParts> parts = split_signature(header_value);
    return parts && cache_.find(parts->protected_text, clock_.wall_ms()) != nullptr;
}

}  // namespace hocket::wire
