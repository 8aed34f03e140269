#include "core/crypto/secret.h"

#include <openssl/crypto.h>
#include <utility>

namespace hocket::crypto {

// A moved-from std::string may keep a short key in its own buffer: swap, so that only one of the two ever holds it.
Secret::Secret(Secret&& other) noexcept {
    bytes_.swap(other.bytes_);
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        bytes_.swap(other.bytes_);
    }
    return *this;
}

void Secret::wipe() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
    bytes_.clear();
}

}  // namespace hocket::crypto
