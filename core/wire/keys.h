#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/crypto/trust.h"

namespace hocket::wire {

/// Who signed a request, and with which key: the reply is signed with one of the same kind.
struct RequestSigner {
    enum class Kind { pre_shared_key, certificate };

    Kind kind = Kind::pre_shared_key;
    std::string caller;  ///< "psk=ops", "cert=ana"
    std::string key_id;  ///< "ops.1"; of a certificate: its SHA-256 in hexadecimal
};

/// What a node does with its keys.
/// Thread: one; implementations may remember what they have verified.
class NodeKeys {
public:
    virtual ~NodeKeys() = default;

    /// Errors: malformed_signature, unknown_key, bad_signature, untrusted_certificate, rate_limited.
    virtual Result<RequestSigner> verify_request(std::string_view header_value,
                                                 std::string_view payload) const = 0;

    /// The signature header for a reply to a request whose signer verify_request gave.
    virtual std::string sign_reply(const RequestSigner& signer, std::string_view payload) const = 0;

    /// When the certificate that signs replies begins to be valid, in Unix milliseconds; none without one.
    virtual std::optional<std::int64_t> certificate_begins_ms() const { return std::nullopt; }

    /// When it ends, in Unix milliseconds; none without one.
    virtual std::optional<std::int64_t> certificate_expires_ms() const { return std::nullopt; }

    /// When the first CRL is stale, in Unix milliseconds; none without one.
    virtual std::optional<std::int64_t> crl_next_update_ms() const { return std::nullopt; }

    /// Why callers of a CA are refused at that moment, whoever they are.
    virtual std::vector<crypto::CaFault> caller_ca_faults(std::int64_t /*now_ms*/) const { return {}; }
};

/// What a caller does with its keys.
/// Thread: one; implementations may remember what they have verified.
class CallerKeys {
public:
    virtual ~CallerKeys() = default;

    /// "psk=ops", "cert=ana"
    virtual std::string caller() const = 0;

    /// The signature header for a request.
    virtual std::string sign_request(std::string_view payload) const = 0;

    /// The identity of the node to which the signing key belongs.
    /// Errors: malformed_signature, unknown_key, bad_signature, untrusted_certificate.
    virtual Result<std::string> verify_reply(std::string_view header_value,
                                             std::string_view payload) const = 0;
};

}  // namespace hocket::wire
