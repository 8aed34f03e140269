#pragma once

#include <array>
#include <string>
#include <string_view>

namespace hocket::crypto {

/// Ed25519 (RFC 8032) by libsodium: of messages as long as ours OpenSSL 3 takes twice as long for the same signatures. In keys,
/// certificates and TLS it is OpenSSL's. Thread: any.
using Ed25519PublicKey = std::array<unsigned char, 32>;

/// False for anything but the one signature that a signer makes, and for keys that are no secret (of small order).
bool verify_ed25519(const Ed25519PublicKey& key, std::string_view message, std::string_view signature);

/// The seed of RFC 8032 and the public key, side by side. Wiped when destroyed; can be neither copied nor printed.
class Ed25519PrivateKey {
public:
    using Bytes = std::array<unsigned char, 64>;

    /// Takes `bytes` away: they are zeros then.
    explicit Ed25519PrivateKey(Bytes& bytes);
    Ed25519PrivateKey(const Ed25519PrivateKey&) = delete;
    Ed25519PrivateKey& operator=(const Ed25519PrivateKey&) = delete;
    ~Ed25519PrivateKey();

    /// 64 bytes.
    std::string sign(std::string_view message) const;

private:
    Bytes bytes_;
};

}  // namespace hocket::crypto
