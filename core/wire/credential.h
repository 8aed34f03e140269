#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/crypto/certificate.h"
#include "core/wire/jws.h"

namespace hocket::wire {

/// A certificate and its private key: what signs messages in the name that the certificate has.
/// Thread: any; immutable.
class Credential {
public:
    /// `certificate_file`: PEM, the signer's first and then the intermediate CAs that lead to a trusted one, four in all at
    /// most. `algorithm`: what an RSA key signs with instead of PS256.
    ///
    /// Errors: invalid_key: a file cannot be read, the key is not the certificate's, the algorithm not one of the key.
    static Result<Credential> read(const std::filesystem::path& certificate_file,
                                   const std::filesystem::path& key_file,
                                   std::optional<crypto::SignatureAlgorithm> algorithm);

    /// Errors: invalid_key.
    static Result<Credential> make(std::vector<crypto::Certificate> chain, crypto::PrivateKey key,
                                   std::optional<crypto::SignatureAlgorithm> algorithm);

    const std::vector<crypto::Certificate>& chain() const { return chain_; }
    const crypto::Certificate& certificate() const { return chain_.front(); }

    /// The signature header for a request, with the whole chain, and for a reply, with the certificate alone.
    std::string sign_request(std::string_view payload) const { return sign(request_header_, payload); }
    std::string sign_reply(std::string_view payload) const { return sign(reply_header_, payload); }

private:
    Credential(std::vector<crypto::Certificate> chain, crypto::PrivateKey key,
               crypto::SignatureAlgorithm algorithm);

    std::string sign(const std::string& protected_text, std::string_view payload) const;

    std::vector<crypto::Certificate> chain_;
    crypto::PrivateKey key_;
    crypto::SignatureAlgorithm algorithm_;
    std::string request_header_;  ///< the protected headers, which are always the same
    std::string reply_header_;
};

}  // namespace hocket::wire
