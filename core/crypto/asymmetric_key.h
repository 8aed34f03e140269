#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/crypto/algorithm.h"
#include "core/crypto/ed25519.h"
#include "core/crypto/secret.h"

struct evp_pkey_st;

namespace hocket::crypto {

/// Checks signatures. Immutable; copies share the key. Only keys of the accepted types and sizes exist.
/// Thread: any.
class PublicKey {
public:
    /// Errors: invalid_key, naming type and size.
    static Result<PublicKey> adopt(std::shared_ptr<evp_pkey_st> key);

    KeyType type() const { return type_; }

    /// "Ed25519", "P-256", "RSA 3072".
    std::string description() const;

    /// False also when the algorithm is not one of this key's type.
    bool verify(SignatureAlgorithm algorithm, std::string_view message, std::string_view signature) const;

    bool operator==(const PublicKey& other) const;

    /// For core/crypto.
    evp_pkey_st* handle() const { return key_.get(); }

private:
    PublicKey(std::shared_ptr<evp_pkey_st> key, KeyType type);

    std::shared_ptr<evp_pkey_st> key_;
    KeyType type_;
    Ed25519PublicKey ed25519_ = {};  ///< the same key, if it is one of that type
};

/// Makes signatures. Immutable; copies share the key, which is wiped with the last of them.
/// Thread: any.
class PrivateKey {
public:
    /// A new key. `rsa_bits` is for RSA alone.
    static PrivateKey generate(KeyType type, int rsa_bits = 3072);

    /// PEM, not encrypted. Errors: invalid_key.
    static Result<PrivateKey> from_pem(std::string_view pem);

    /// The same from a file that nobody else may read (core/base/file.h, read_private_file).
    /// Errors: invalid_key, naming the file.
    static Result<PrivateKey> read(const std::filesystem::path& file);

    /// PKCS#8 PEM, not encrypted.
    Secret to_pem() const;

    const PublicKey& public_key() const { return public_; }

    /// The algorithm must be one of this key's type.
    std::string sign(SignatureAlgorithm algorithm, std::string_view message) const;

private:
    explicit PrivateKey(PublicKey key);

    PublicKey public_;                                  ///< its handle has the private part too
    std::shared_ptr<const Ed25519PrivateKey> ed25519_;  ///< the same key, if it is one of that type
};

}  // namespace hocket::crypto
