#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/crypto/certificate.h"

namespace hocket::crypto {

/// Why every certificate of one trusted CA is refused.
struct CaFault {
    std::string message;  ///< for people
    bool
        may_be_meant;  ///< only its CRL is missing, and another CA is sound: it may be there just to end chains
};

/// The certificates of CAs that are trusted for one purpose, and the lists of what they revoked. The system's CAs are
/// never among them. Times are Unix milliseconds.
///
/// Thread: any; immutable.
class Trust {
public:
    /// `ca_file`: PEM; every certificate in it is trusted as it is, so an intermediate CA may stand there alone.
    /// `crl_file`: PEM, one CRL (RFC 5280 §5) for each CA whose certificates are met; empty: nothing is ever revoked.
    ///
    /// Errors: invalid_key, naming the file.
    static Result<Trust> read(const std::filesystem::path& ca_file, const std::filesystem::path& crl_file);

    Trust(Trust&&) noexcept;
    Trust& operator=(Trust&&) noexcept;
    ~Trust();

    /// Whether a chain (the leaf first, then intermediate CAs in any order) leads to a trusted CA and its leaf may be used
    /// so at that moment. Returns until when this holds: the first end of a validity or of a CRL.
    ///
    /// Errors: untrusted_certificate with the exact reason.
    Result<std::int64_t> verify(std::span<const Certificate> chain, CertificateUse use,
                                std::int64_t now_ms) const;

    /// Whether a chain leads to one of these CAs, whatever it may be used for and whenever.
    bool reaches(std::span<const Certificate> chain) const;

    /// Of each CA at that moment, in the order of the file.
    std::vector<CaFault> faults(std::int64_t now_ms) const;

    /// How many CAs there are.
    std::size_t size() const;

    const std::filesystem::path& ca_file() const;
    const std::filesystem::path& crl_file() const;  ///< empty: none

    /// When the first CRL has to be replaced; none without CRLs.
    std::optional<std::int64_t> crl_next_update_ms() const;

private:
    struct Store;
    explicit Trust(std::unique_ptr<Store> store);

    std::unique_ptr<Store> store_;
};

}  // namespace hocket::crypto
