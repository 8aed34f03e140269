#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hocket::wire {

/// Who signed a request, and with which key the reply is to be signed.
struct RequestSigner {
    std::string caller;  ///< "psk=ops"
    std::string key_id;  ///< "ops.1"
};

/// What a node does with its keys.
/// Thread: any; implementations are immutable.
class NodeKeys {
public:
    virtual ~NodeKeys() = default;

    /// Errors: malformed_signature, unknown_key, bad_signature.
    virtual Result<RequestSigner> verify_request(std::string_view header_value,
                                                 std::string_view payload) const = 0;

    /// The signature header for a reply to a request that `key_id` signed; `key_id` is one that verify_request gave.
    virtual std::string sign_reply(std::string_view key_id, std::string_view payload) const = 0;
};

/// What a caller does with its keys.
/// Thread: any; implementations are immutable.
class CallerKeys {
public:
    virtual ~CallerKeys() = default;

    /// "psk=ops"
    virtual std::string caller() const = 0;

    /// The signature header for a request.
    virtual std::string sign_request(std::string_view payload) const = 0;

    /// The identity of the node to which the signing key belongs.
    /// Errors: malformed_signature, unknown_key, bad_signature.
    virtual Result<std::string> verify_reply(std::string_view header_value,
                                             std::string_view payload) const = 0;
};

}  // namespace hocket::wire
