#pragma once

#include <string>

#include "core/base/result.h"
#include "core/crypto/certificate.h"

namespace hocket::wire {

/// Begins the URI that names a caller: "hocket:caller:ana".
inline constexpr char k_caller_uri[] = "hocket:caller:";

/// Whom a certificate names (spec/protocol.md, certificates). A certificate that names a host is no caller's unless it
/// has a caller's URI, and one with a caller's URI is no node's: neither can pass for the other, whoever issued it.

/// The name of a caller: that of the one URI `hocket:caller:NAME`, else the single common name.
/// Errors: untrusted_certificate.
Result<std::string> caller_name(const crypto::Certificate& certificate);

/// The identity of a node: the one dNSName; when there are several, or none, the single common name, which must be one of
/// them. In lower case.
/// Errors: untrusted_certificate.
Result<std::string> node_name(const crypto::Certificate& certificate);

}  // namespace hocket::wire
