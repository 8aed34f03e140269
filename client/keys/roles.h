#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/crypto/issue.h"

namespace hocket::keys {

/// What a certificate of ours says for each of those who need one; any CA can write the same (spec/protocol.md §3.4).
/// Errors: usage (a name outside of its grammar).

/// A caller: it signs requests, and may be a client of the broker.
Result<crypto::CertificateTerms> caller_certificate(const std::string& name);

/// A node: it signs replies, and may be a client of the broker.
Result<crypto::CertificateTerms> node_certificate(const std::string& identity);

/// A broker, by all the names and addresses under which it is reached.
Result<crypto::CertificateTerms> broker_certificate(const std::vector<std::string>& hosts);

/// A CA.
Result<crypto::CertificateTerms> ca_certificate(const std::string& name);

}  // namespace hocket::keys
