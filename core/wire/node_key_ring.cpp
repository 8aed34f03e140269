#include "core/wire/node_key_ring.h"

#include "core/wire/jws.h"

namespace hocket::wire {

namespace {

Error not_configured(const char* what, const char* section) {
    return {ErrorCode::unknown_key,
            std::string("it was signed with ") + what + ", and there is no " + section,
            {}};
}

}  // namespace

Result<RequestSigner> NodeKeyRing::verify_request(std::string_view header_value,
                                                  std::string_view payload) const {
    const Result<SignatureParts> parts = split_signature(header_value);
    if (!parts) return parts.error();
    if (auto verified = pre_shared_.verify_usual(*parts, payload)) return std::move(*verified);
    if (certificates_) {
        if (auto remembered = certificates_->verify_remembered(*parts, payload))
            return std::move(*remembered);
    }
    const Result<DetachedJws> jws = parse_detached_jws(*parts, MessageType::request);
    if (!jws) return jws.error();
    if (jws->certificates.empty()) {
        if (pre_shared_.empty()) return not_configured("a pre-shared key", "[[keys.psk]]");
        return pre_shared_.verify_other(*jws, payload);
    }
    if (!certificates_) return not_configured("a certificate", "[keys.ssl]");
    return certificates_->verify_new(*jws, payload);
}

std::string NodeKeyRing::sign_reply(const RequestSigner& signer, std::string_view payload) const {
    switch (signer.kind) {
        case RequestSigner::Kind::pre_shared_key: return pre_shared_.sign_reply(signer, payload);
        case RequestSigner::Kind::certificate: return certificates_->sign_reply(signer, payload);
    }
    return "";
}

std::optional<std::int64_t> NodeKeyRing::certificate_begins_ms() const {
    if (!certificates_) return std::nullopt;
    return certificates_->credential().certificate().not_before_ms();
}

std::optional<std::int64_t> NodeKeyRing::certificate_expires_ms() const {
    if (!certificates_) return std::nullopt;
    return certificates_->credential().certificate().not_after_ms();
}

std::optional<std::int64_t> NodeKeyRing::crl_next_update_ms() const {
    return certificates_ ? certificates_->callers().crl_next_update_ms() : std::nullopt;
}

std::vector<crypto::CaFault> NodeKeyRing::caller_ca_faults(std::int64_t now_ms) const {
    return certificates_ ? certificates_->callers().faults(now_ms) : std::vector<crypto::CaFault>();
}

}  // namespace hocket::wire
