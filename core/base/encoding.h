#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hocket {

/// base64url without padding (RFC 4648 §5, as JWS uses it).
std::string base64url_encode(std::string_view bytes);

/// Strict: no padding, no white space, no other alphabet, no stray bits at the end; so each byte string has one form.
std::optional<std::string> base64url_decode(std::string_view text);

/// base64 with padding (RFC 4648 §4, as X.509 in JSON has it), as strict as the above.
std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);

std::string hex_encode(std::string_view bytes);

/// Percent-encoding (RFC 3986 §2): all but letters, digits, `- . _ ~` and the characters in `also_plain`.
std::string percent_encode(std::string_view bytes, std::string_view also_plain = "");

}  // namespace hocket
