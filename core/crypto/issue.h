#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/crypto/certificate.h"

namespace hocket::crypto {

/// What a new certificate says. Nothing here is checked: who issues decides. Times are Unix milliseconds.
struct CertificateTerms {
    std::vector<std::string> common_names;  ///< the subject; each up to 64 bytes
    std::vector<std::string> uris;          ///< subject alternative names
    std::vector<std::string> dns_names;
    std::vector<std::string> ip_addresses;
    std::vector<CertificateUse> uses;  ///< extended key usage; empty: not limited
    bool is_ca = false;                ///< it may sign certificates and CRLs
    bool may_sign = true;              ///< digitalSignature in the key usage
    std::int64_t not_before_ms = 0;
    std::int64_t not_after_ms = 0;
};

/// A CA: its certificate, and the key of that.
struct Issuer {
    Certificate certificate;
    PrivateKey key;
};

/// A certificate for a key, signed by a CA, with a random serial number.
/// Errors: invalid_key (a name that a certificate cannot hold).
Result<Certificate> issue_certificate(const CertificateTerms& terms, const PublicKey& key,
                                      const Issuer& issuer);

/// The same certificate with a new serial number and another validity. Errors: invalid_key.
Result<Certificate> renew_certificate(const Certificate& certificate, std::int64_t not_before_ms,
                                      std::int64_t not_after_ms, const Issuer& issuer);

/// The certificate that a CA has for itself.
Result<Certificate> issue_self_signed(const CertificateTerms& terms, const PrivateKey& key);

struct RevokedCertificate {
    std::string serial;  ///< hexadecimal
    std::int64_t revoked_at_ms = 0;
};

/// A certificate revocation list (RFC 5280 §5) in PEM. `number` grows with each.
/// Errors: invalid_key (a serial that is none).
Result<std::string> issue_crl(const std::vector<RevokedCertificate>& revoked, std::uint64_t number,
                              std::int64_t this_update_ms, std::int64_t next_update_ms, const Issuer& issuer);

}  // namespace hocket::crypto
