#include "core/crypto/algorithm.h"

#include <array>

namespace hocket::crypto {

std::string_view to_string(SignatureAlgorithm algorithm) {
    switch (algorithm) {
        case SignatureAlgorithm::eddsa: return "EdDSA";
        case SignatureAlgorithm::es256: return "ES256";
        case SignatureAlgorithm::ps256: return "PS256";
        case SignatureAlgorithm::rs256: return "RS256";
    }
    return "EdDSA";
}

std::optional<SignatureAlgorithm> signature_algorithm_from(std::string_view name) {
    for (const auto algorithm : {SignatureAlgorithm::eddsa, SignatureAlgorithm::es256,
                                 SignatureAlgorithm::ps256, SignatureAlgorithm::rs256}) {
        if (name == to_string(algorithm)) return algorithm;
    }
    return std::nullopt;
}

bool fits(SignatureAlgorithm algorithm, KeyType type) {
    switch (algorithm) {
        case SignatureAlgorithm::eddsa: return type == KeyType::ed25519;
        case SignatureAlgorithm::es256: return type == KeyType::p256;
        case SignatureAlgorithm::ps256:
        case SignatureAlgorithm::rs256: return type == KeyType::rsa;
    }
    return false;
}

SignatureAlgorithm usual_algorithm(KeyType type) {
    switch (type) {
        case KeyType::ed25519: return SignatureAlgorithm::eddsa;
        case KeyType::p256: return SignatureAlgorithm::es256;
        case KeyType::rsa: return SignatureAlgorithm::ps256;
    }
    return SignatureAlgorithm::eddsa;
}

}  // namespace hocket::crypto
