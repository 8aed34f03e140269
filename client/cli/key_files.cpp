#include "client/cli/key_files.h"

#include <cmath>

namespace hocket::cli {

std::int64_t days_to_ms(double days) {
    return std::llround(days * 24 * 60 * 60 * 1000);
}

crypto::PrivateKey new_key(const std::string& type) {
    if (type == "p256") return crypto::PrivateKey::generate(crypto::KeyType::p256);
    if (type.starts_with("rsa"))
        return crypto::PrivateKey::generate(crypto::KeyType::rsa, std::stoi(type.substr(3)));
    return crypto::PrivateKey::generate(crypto::KeyType::ed25519);
}

}  // namespace hocket::cli
