#pragma once

#include <filesystem>
#include <string>

#include "core/base/clock.h"
#include "core/crypto/issue.h"
#include "core/crypto/trust.h"
#include "core/wire/credential.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temporary_folder.h"

namespace hocket::test {

inline constexpr std::int64_t k_day_ms = 24LL * 60 * 60 * 1000;

/// A certificate and its key.
struct Certified {
    crypto::Certificate certificate;
    crypto::PrivateKey key;
};

/// The terms of a caller's and of a node's certificate: valid for a day before and after the moment.
inline crypto::CertificateTerms caller_terms(const std::string& name,
                                             std::int64_t now_ms = FakeClock().wall_ms()) {
    crypto::CertificateTerms terms;
    terms.common_names = {name};
    terms.uris = {"hocket:caller:" + name};
    terms.uses = {crypto::CertificateUse::client_auth};
    terms.not_before_ms = now_ms - k_day_ms;
    terms.not_after_ms = now_ms + k_day_ms;
    return terms;
}

inline crypto::CertificateTerms node_terms(const std::string& identity,
                                           std::int64_t now_ms = FakeClock().wall_ms()) {
    crypto::CertificateTerms terms = caller_terms(identity, now_ms);
    terms.uris.clear();
    terms.dns_names = {identity};
    terms.uses = {crypto::CertificateUse::server_auth, crypto::CertificateUse::client_auth};
    return terms;
}

/// A CA of its own for a test.
class TestCa {
public:
    explicit TestCa(const std::string& name, const TestCa* parent = nullptr,
                    std::int64_t now_ms = FakeClock().wall_ms())
        : issuer_(make(name, parent, now_ms)) {}

    const crypto::Issuer& issuer() const { return issuer_; }
    const crypto::Certificate& certificate() const { return issuer_.certificate; }

    Certified issue(const crypto::CertificateTerms& terms,
                    crypto::KeyType type = crypto::KeyType::ed25519) const {
        crypto::PrivateKey key = crypto::PrivateKey::generate(type, crypto::k_min_rsa_bits);
        crypto::Certificate made = crypto::issue_certificate(terms, key.public_key(), issuer_).value();
        return {std::move(made), std::move(key)};
    }

    wire::Credential credential(const crypto::CertificateTerms& terms,
                                crypto::KeyType type = crypto::KeyType::ed25519) const {
        Certified made = issue(terms, type);
        return wire::Credential::make({made.certificate}, std::move(made.key), std::nullopt).value();
    }

    std::string crl(const std::vector<std::string>& serials, std::int64_t now_ms = FakeClock().wall_ms(),
                    std::int64_t lasts_ms = k_day_ms) const {
        std::vector<crypto::RevokedCertificate> revoked;
        for (const std::string& serial : serials)
            revoked.push_back({serial, now_ms});
        return crypto::issue_crl(revoked, 1, now_ms, now_ms + lasts_ms, issuer_).value();
    }

private:
    static crypto::Issuer make(const std::string& name, const TestCa* parent, std::int64_t now_ms) {
        crypto::CertificateTerms terms;
        terms.common_names = {name};
        terms.is_ca = true;
        terms.not_before_ms = now_ms - 10 * k_day_ms;
        terms.not_after_ms = now_ms + 10 * k_day_ms;
        crypto::PrivateKey key = crypto::PrivateKey::generate(crypto::KeyType::ed25519);
        crypto::Certificate made =
            parent == nullptr ? crypto::issue_self_signed(terms, key).value()
                              : crypto::issue_certificate(terms, key.public_key(), parent->issuer()).value();
        return {std::move(made), std::move(key)};
    }

    crypto::Issuer issuer_;
};

/// Files of a test: what a configuration would name.
class PkiFiles {
public:
    std::filesystem::path write(const std::string& name, const std::string& content) const {
        return folder_.write(name, content, 0600);
    }

    /// Trusts these CAs; `crl` empty: revokes nothing.
    crypto::Trust trust(std::initializer_list<const TestCa*> authorities, const std::string& crl = "") const {
        std::string pem;
        for (const TestCa* each : authorities)
            pem += each->certificate().to_pem();
        const std::filesystem::path ca_file = write("ca.pem", pem);
        return crypto::Trust::read(ca_file, crl.empty() ? std::filesystem::path() : write("crl.pem", crl))
            .value();
    }

    std::filesystem::path path(const std::string& name) const { return folder_ / name; }

private:
    TemporaryFolder folder_;
};

}  // namespace hocket::test
