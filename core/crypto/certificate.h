#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/crypto/asymmetric_key.h"

struct x509_st;

namespace hocket::crypto {

/// What a certificate may be used for: its extended key usage (RFC 5280 §4.2.1.12).
enum class CertificateUse { client_auth, server_auth };

/// An X.509 certificate (RFC 5280), read and not judged: trust.h does that. Immutable; copies share it.
/// Times are Unix milliseconds.
/// Thread: any.
class Certificate {
public:
    /// Errors: invalid_key.
    static Result<Certificate> from_der(std::string_view der);

    /// Every certificate of a PEM text, in its order; at least one. Errors: invalid_key.
    static Result<std::vector<Certificate>> from_pem(std::string_view pem);

    /// The same from a file. Errors: invalid_key, naming the file.
    static Result<std::vector<Certificate>> read(const std::filesystem::path& file);

    static Certificate adopt(std::shared_ptr<x509_st> certificate) {
        return Certificate(std::move(certificate));
    }

    std::string to_der() const;
    std::string to_pem() const;

    /// SHA-256 of its DER in hexadecimal.
    std::string fingerprint() const;

    /// For people: "CN=ana,O=Example".
    std::string subject() const;
    std::string issuer() const;

    /// Hexadecimal, upper case.
    std::string serial() const;

    /// "certificate 'CN=ana' (serial 0A1B)": how errors begin.
    std::string title() const;

    std::int64_t not_before_ms() const;
    std::int64_t not_after_ms() const;

    /// As they stand in it: not checked for any grammar.
    std::vector<std::string> common_names() const;
    std::vector<std::string> dns_names() const;
    std::vector<std::string> uris() const;
    bool has_ip_address() const;

    bool is_ca() const;

    /// Whether that certificate's key signed it; nothing else is looked at.
    bool is_signed_by(const Certificate& issuer) const;

    /// Whether its extended key usage, if it has one, names that use.
    bool is_for(CertificateUse use) const;

    /// Whether it may sign messages for that use: not a CA's, a key of an accepted type, its key usage and its extended key
    /// usage. A certificate without such an extension is not limited by it. The messages do not name the certificate.
    /// Errors: untrusted_certificate.
    Result<void> check_use(CertificateUse use) const;

    /// Errors: invalid_key (a type or size of key that is not accepted).
    Result<PublicKey> public_key() const;

    /// For core/crypto.
    x509_st* handle() const { return certificate_.get(); }

private:
    explicit Certificate(std::shared_ptr<x509_st> certificate) : certificate_(std::move(certificate)) {}

    std::shared_ptr<x509_st> certificate_;
};

}  // namespace hocket::crypto
