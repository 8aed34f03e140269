#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/wire/keys.h"
#include "core/wire/psk.h"
#include "core/wire/x509.h"

namespace hocket::wire {

/// All keys of a node: pre-shared keys and a certificate, of which it has one or both; so a fleet can move from the one to
/// the other. A reply is signed with a key of the kind that signed the request.
class NodeKeyRing final : public NodeKeys {
public:
    explicit NodeKeyRing(PskNodeKeys pre_shared, std::optional<X509NodeKeys> certificates = std::nullopt)
        : pre_shared_(std::move(pre_shared)), certificates_(std::move(certificates)) {}

    Result<RequestSigner> verify_request(std::string_view header_value,
                                         std::string_view payload) const override;
    std::string sign_reply(const RequestSigner& signer, std::string_view payload) const override;

    std::optional<std::int64_t> certificate_begins_ms() const override;
    std::optional<std::int64_t> certificate_expires_ms() const override;
    std::optional<std::int64_t> crl_next_update_ms() const override;
    std::vector<crypto::CaFault> caller_ca_faults(std::int64_t now_ms) const override;

    /// Null when this node has no certificate.
    const X509NodeKeys* certificates() const { return certificates_ ? &*certificates_ : nullptr; }

private:
    PskNodeKeys pre_shared_;
    std::optional<X509NodeKeys> certificates_;
};

}  // namespace hocket::wire
