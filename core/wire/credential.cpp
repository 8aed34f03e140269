#include "core/wire/credential.h"

#include "core/base/encoding.h"

namespace hocket::wire {

namespace {

constexpr std::size_t k_signature_room = 1024;  // of RSA 4096 in base64, and the two dots

Error invalid_key(const std::string& message) {
    return {ErrorCode::invalid_key, message, {}};
}

std::vector<std::string> der_of(const std::vector<crypto::Certificate>& chain) {
    std::vector<std::string> der;
    for (const crypto::Certificate& each : chain)
        der.push_back(each.to_der());
    return der;
}

}  // namespace

Result<Credential> Credential::read(const std::filesystem::path& certificate_file,
                                    const std::filesystem::path& key_file,
                                    std::optional<crypto::SignatureAlgorithm> algorithm) {
    Result<std::vector<crypto::Certificate>> chain = crypto::Certificate::read(certificate_file);
    if (!chain) return chain.error();
    Result<crypto::PrivateKey> key = crypto::PrivateKey::read(key_file);
    if (!key) return key.error();
    Result<Credential> credential = make(std::move(*chain), std::move(*key), algorithm);
    if (!credential) return credential.error().within(certificate_file.string());
    return credential;
}

Result<Credential> Credential::make(std::vector<crypto::Certificate> chain, crypto::PrivateKey key,
                                    std::optional<crypto::SignatureAlgorithm> algorithm) {
    if (chain.size() > k_max_request_certificates) {
        return invalid_key("it holds " + std::to_string(chain.size()) + " certificates, at most " +
                           std::to_string(k_max_request_certificates) +
                           " may be sent; leave the root CA out");
    }
    const Result<crypto::PublicKey> certified = chain.front().public_key();
    if (!certified) return certified.error().within(chain.front().title());
    if (!(*certified == key.public_key()))
        return invalid_key(chain.front().title() + " is not the one of this private key");
    const crypto::KeyType type = key.public_key().type();
    if (algorithm && !crypto::fits(*algorithm, type)) {
        return invalid_key("algorithm " + std::string(crypto::to_string(*algorithm)) +
                           " is not one for a key of type " + key.public_key().description() +
                           "; without 'algorithm' the usual one is taken");
    }
    const crypto::SignatureAlgorithm probed = crypto::usual_algorithm(type);
    if (!certified->verify(probed, "probe", key.sign(probed, "probe")))
        return invalid_key("the private key is damaged: what it signs does not hold");
    Credential credential(std::move(chain), std::move(key),
                          algorithm.value_or(crypto::usual_algorithm(type)));
    if (credential.request_header_.size() + k_signature_room > k_max_signature_header_bytes)
        return invalid_key("its certificates are too long to be sent: the signature header may have 16 KiB");
    return credential;
}

Credential::Credential(std::vector<crypto::Certificate> chain, crypto::PrivateKey key,
                       crypto::SignatureAlgorithm algorithm)
    : chain_(std::move(chain)),
      key_(std::move(key)),
      algorithm_(algorithm),
      request_header_(protected_header(crypto::to_string(algorithm), der_of(chain_), MessageType::request)),
      reply_header_(
          protected_header(crypto::to_string(algorithm), der_of({chain_.front()}), MessageType::reply)) {}

std::string Credential::sign(const std::string& protected_text, std::string_view payload) const {
    const std::string signature = key_.sign(algorithm_, signed_bytes(protected_text, payload));
    return protected_text + ".." + base64url_encode(signature);
}

}  // namespace hocket::wire
