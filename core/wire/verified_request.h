#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/wire/keys.h"
#include "core/wire/message.h"
#include "core/wire/request.h"

namespace hocket::wire {

/// A request whose signature held, whose form is the protocol's, and whose subject, reply subject and caller are the
/// signed ones. Whether it is meant for this node, fresh and allowed is not decided yet: runner/admission does that.
///
/// Only verify() makes one.
class VerifiedRequest {
public:
    /// spec/protocol.md, admission, from the size cap to "caller equals key". Nothing is parsed before the signature
    /// holds but its own header.
    ///
    /// Errors: oversized_message, missing_signature, malformed_signature, unknown_key, bad_signature,
    ///         untrusted_certificate, rate_limited, malformed_message, subject_mismatch, caller_mismatch.
    ///         All are dropped without an answer.
    static Result<VerifiedRequest> verify(const Message& message, const NodeKeys& keys,
                                          std::string_view identity, std::size_t max_bytes);

    const Request& request() const { return request_; }
    const RequestSigner& signer() const { return signer_; }              ///< the reply is signed for this one
    const std::string& reply_subject() const { return reply_subject_; }  ///< the caller's own
    const std::string& payload_sha256() const { return payload_sha256_; }  ///< hexadecimal
    bool is_direct() const { return is_direct_; }  ///< it came on this node's own subject

private:
    VerifiedRequest() = default;

    Request request_;
    RequestSigner signer_;
    std::string reply_subject_;
    std::string payload_sha256_;
    bool is_direct_ = false;
};

}  // namespace hocket::wire
