#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "client/keys/ca_index.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/result.h"
#include "core/crypto/issue.h"

namespace hocket::keys {

/// A small CA in a folder, in the files that `openssl ca` has too, so that either can go on where the other stopped:
///
///     ca.pem      its certificate          index.txt   what it issued and revoked (ca_index.h)
///     ca.key      its private key, 0600    crlnumber   the number of the next CRL, hexadecimal
///     crl.pem     its latest CRL           issued/     each certificate as SERIAL.pem
///     index.txt.attr   says that one subject may have several certificates
///
/// Whoever opens it has it alone until the object is gone. A file that is a link stays one: what it names is replaced.
/// Owns: the lock.
class CaFolder {
public:
    struct Validity {
        std::int64_t not_before_ms = 0;
        std::int64_t not_after_ms = 0;
    };

    /// A written CRL, and every serial number in it.
    struct Crl {
        std::filesystem::path file;
        std::vector<std::string> revoked;
    };

    /// Makes the folder with a new CA and an empty CRL. Errors: io (also when it has a CA already), invalid_key.
    static Result<void> init(const std::filesystem::path& folder, crypto::CertificateTerms terms,
                             const crypto::PrivateKey& key, std::int64_t crl_until_ms, const Clock& clock);

    /// Waits up to ten seconds for whoever has it. Errors: io, invalid_key, invalid_config.
    static Result<CaFolder> open(const std::filesystem::path& folder, const Clock& clock);

    const crypto::Certificate& certificate() const { return issuer_.certificate; }

    /// From an hour ago, since clocks differ, and never longer than the CA itself is valid.
    Validity validity_for(std::int64_t span_ms) const;

    /// Issues a certificate and writes it down. Errors: invalid_key, io.
    Result<crypto::Certificate> issue(crypto::CertificateTerms terms, const crypto::PublicKey& key,
                                      const Validity& validity);

    /// The same certificate for the same key, for another span. One that was signed with the CA's key past the index is taken
    /// into that, here as in revoke().
    /// Errors: usage (it is not one of this CA, or revoked), io.
    Result<crypto::Certificate> renew(const crypto::Certificate& certificate, const Validity& validity);

    /// Revokes a certificate and all others of its key: a renewal leaves the older ones good, and who has the key has them
    /// too. Done twice is no error. The CRL is not written yet. Returns the serial numbers of those that were good until now.
    /// Errors: usage (this CA issued no such certificate), io.
    Result<std::vector<std::string>> revoke(const crypto::Certificate& certificate);

    /// The same by a serial number: hexadecimal, in any case, with colons or without.
    Result<std::vector<std::string>> revoke(const std::string& serial);

    /// Writes crl.pem with everything that was revoked and is not expired. Errors: io.
    Result<Crl> write_crl(std::int64_t until_ms);

    /// What the owner of a certificate puts into a file: it, and this CA's own when somebody else vouches for that.
    std::string chain_pem(const crypto::Certificate& certificate) const;

private:
    CaFolder(std::filesystem::path folder, FileDescriptor lock, crypto::Issuer issuer,
             std::vector<IndexEntry> index, std::uint64_t crl_number, const Clock& clock);

    bool is_in_index(const std::string& serial) const;
    Result<void> adopt(const crypto::Certificate& certificate);
    Result<std::vector<std::string>> revoke_all_of(const std::string& serial);
    std::optional<crypto::PublicKey> key_of(const std::string& serial) const;
    Result<void> record(const crypto::Certificate& certificate);
    Result<void> save_index() const;

    std::filesystem::path folder_;
    FileDescriptor lock_;
    crypto::Issuer issuer_;
    std::vector<IndexEntry> index_;
    std::uint64_t crl_number_;
    const Clock& clock_;
};

}  // namespace hocket::keys
