#pragma once

#include <string>
#include <string_view>
#include <vector>

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
///                  | {"alg":"EdDSA","b64":false,"crit":["b64"],"typ":"hocket-request","x5c":["…",…]}
///     signed bytes = protected "." payload             ; ASCII of the header, then the NATS payload as it is
struct DetachedJws {
    std::string protected_text;  ///< as received: the signature is over these bytes
    std::string algorithm;
    std::string key_id;                     ///< empty when it was signed with a certificate
    std::vector<std::string> certificates;  ///< `x5c`: DER, the signer's first; empty when there is a key id
    std::string signature;                  ///< decoded
};

/// The two parts of a header value, of which nothing is known but their form.
struct SignatureParts {
    std::string_view protected_text;
    std::string signature;  ///< decoded
};

inline constexpr std::size_t k_max_signature_header_bytes = 16U << 10U;
inline constexpr std::size_t k_max_request_certificates = 4;
inline constexpr std::size_t k_max_reply_certificates = 1;

/// Errors: malformed_signature.
Result<SignatureParts> split_signature(std::string_view header_value);

/// The same of a header value that was split already.
Result<DetachedJws> parse_detached_jws(const SignatureParts& parts, MessageType expected);

/// Reads a header value and checks that it claims to sign that kind of message.
/// Errors: malformed_signature.
Result<DetachedJws> parse_detached_jws(std::string_view header_value, MessageType expected);

/// The protected header's text (base64url) for a key.
std::string protected_header(std::string_view algorithm, std::string_view key_id, MessageType type);

/// The same for certificates in DER, the signer's first.
std::string protected_header(std::string_view algorithm, const std::vector<std::string>& certificates,
                             MessageType type);

/// What is signed.
std::string signed_bytes(std::string_view protected_text, std::string_view payload);

}  // namespace hocket::wire
