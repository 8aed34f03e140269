#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hocket::wire {

/// What is signed; a signature made for one kind is not valid for another.
enum class MessageType { request, reply, event };

/// "hocket-request", "hocket-reply", "hocket-event".
std::string_view to_string(MessageType type);

/// A detached JWS with unencoded payload (RFC 7515 appendix F, RFC 7797), as the signature header carries it:
///
///     header-value = protected ".." signature          ; both base64url without padding, at most 16 KiB
///     protected    = {"alg":"HS256","b64":false,"crit":["b64"],"kid":"…","typ":"hocket-request"}
///     signed bytes = protected "." payload             ; ASCII of the header, then the NATS payload as it is
struct DetachedJws {
    std::string protected_text;  ///< as received: the signature is over these bytes
    std::string algorithm;
    std::string key_id;
    std::string signature;  ///< decoded
};

/// Reads a header value and checks that it claims to sign that kind of message.
/// Errors: malformed_signature.
Result<DetachedJws> parse_detached_jws(std::string_view header_value, MessageType expected);

/// The protected header's text (base64url) for a key.
std::string protected_header(std::string_view algorithm, std::string_view key_id, MessageType type);

}  // namespace hocket::wire
