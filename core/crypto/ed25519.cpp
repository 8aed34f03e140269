#include "core/crypto/ed25519.h"

#include <cstdlib>
#include <sodium.h>

#include "core/crypto/bytes.h"

namespace hocket::crypto {

namespace {

static_assert(std::tuple_size_v<Ed25519PublicKey> == crypto_sign_PUBLICKEYBYTES);
static_assert(std::tuple_size_v<Ed25519PrivateKey::Bytes> == crypto_sign_SECRETKEYBYTES);

/// libsodium wants to be asked before it is used; it fails when the kernel has no random bytes.
void prepare() {
    static const bool is_ready = ::sodium_init() >= 0;
    if (!is_ready) std::abort();
}

}  // namespace

bool verify_ed25519(const Ed25519PublicKey& key, std::string_view message, std::string_view signature) {
    if (signature.size() != crypto_sign_BYTES) return false;
    prepare();
    return ::crypto_sign_verify_detached(bytes_of(signature), bytes_of(message), message.size(),
                                         key.data()) == 0;
}

Ed25519PrivateKey::Ed25519PrivateKey(Bytes& bytes) : bytes_(bytes) {
    ::sodium_memzero(bytes.data(), bytes.size());
}

Ed25519PrivateKey::~Ed25519PrivateKey() {
    ::sodium_memzero(bytes_.data(), bytes_.size());
}

std::string Ed25519PrivateKey::sign(std::string_view message) const {
    prepare();
    std::string signature(crypto_sign_BYTES, '\0');
    ::crypto_sign_detached(bytes_of(signature), nullptr, bytes_of(message), message.size(), bytes_.data());
    return signature;
}

}  // namespace hocket::crypto
