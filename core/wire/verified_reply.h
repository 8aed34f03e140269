#pragma once

#include <string>

#include "core/wire/keys.h"
#include "core/wire/message.h"
#include "core/wire/reply.h"
#include "core/wire/request.h"

namespace hocket::wire {

/// A reply whose signature held, signed by the key of the node that it names, to exactly the request that was sent.
/// Whether that node was expected is not decided yet: client/lib does that.
///
/// Only verify() makes one.
class VerifiedReply {
public:
    /// `request_sha256` is the digest of the request's bytes in hexadecimal.
    ///
    /// Errors: missing_signature, malformed_signature, unknown_key, bad_signature, untrusted_certificate,
    ///         malformed_message, unexpected_reply (another identity than the key's, another request, agent or action).
    static Result<VerifiedReply> verify(const Message& message, const CallerKeys& keys,
                                        const Request& request, const std::string& request_sha256);

    const Reply& reply() const { return reply_; }
    Reply take() && { return std::move(reply_); }

private:
    VerifiedReply() = default;

    Reply reply_;
};

}  // namespace hocket::wire
