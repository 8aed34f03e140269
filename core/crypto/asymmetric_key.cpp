#include "core/crypto/asymmetric_key.h"

#include <algorithm>
#include <cstdlib>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "core/base/file.h"
#include "core/crypto/bytes.h"
#include "core/crypto/openssl.h"

namespace hocket::crypto {

namespace {

constexpr std::size_t k_max_key_file_bytes = 64U << 10U;
constexpr int k_p256_part_bytes = 32;
constexpr int k_pss_salt_bytes = 32;
constexpr int k_max_rsa_exponent_bits = 64;

Error invalid_key(const std::string& message) {
    return {ErrorCode::invalid_key, message, {}};
}

/// OpenSSL fails in these calls only when memory is gone or we misuse it: neither can be answered for.
void require(bool succeeded) {
    if (!succeeded) std::abort();
}

std::string group_name(const EVP_PKEY* key) {
    std::string name(64, '\0');
    std::size_t length = 0;
    if (::EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) != 1) return "";
    name.resize(length);
    return name;
}

/// A large public exponent makes every verification as dear as a signature.
bool has_usual_exponent(const EVP_PKEY* key) {
    BIGNUM* raw = nullptr;
    if (::EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw) != 1) return false;
    const BigNumber exponent(raw);
    return ::BN_is_odd(exponent.get()) == 1 && ::BN_is_one(exponent.get()) == 0 &&
           ::BN_num_bits(exponent.get()) <= k_max_rsa_exponent_bits;
}

Result<KeyType> accepted_type(const EVP_PKEY* key) {
    constexpr const char* accepted = "; accepted are Ed25519, P-256, and RSA of 2048 to 4096 bits";
    const int bits = ::EVP_PKEY_get_bits(key);
    switch (::EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_ED25519: return KeyType::ed25519;
        case EVP_PKEY_EC:
            if (group_name(key) == "prime256v1") return KeyType::p256;
            return invalid_key("the key is one on the curve " + group_name(key) + accepted);
        case EVP_PKEY_RSA:
            if (!has_usual_exponent(key))
                return invalid_key(
                    "the key is RSA with an exponent that is not odd, or of more than 64 bits");
            if (bits >= k_min_rsa_bits && bits <= k_max_rsa_bits) return KeyType::rsa;
            return invalid_key("the key is RSA of " + std::to_string(bits) + " bits" + accepted);
        default: break;
    }
    const char* name = ::EVP_PKEY_get0_type_name(key);
    return invalid_key("the key is of type " + std::string(name == nullptr ? "unknown" : name) + accepted);
}

bool set_padding(EVP_PKEY_CTX* context, SignatureAlgorithm algorithm) {
    if (algorithm != SignatureAlgorithm::ps256) return true;
    return ::EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           ::EVP_PKEY_CTX_set_rsa_pss_saltlen(context, k_pss_salt_bytes) == 1;
}

using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

Ed25519PublicKey public_bytes(const EVP_PKEY* key) {
    Ed25519PublicKey raw{};
    std::size_t length = raw.size();
    require(::EVP_PKEY_get_raw_public_key(key, raw.data(), &length) == 1 && length == raw.size());
    return raw;
}

std::shared_ptr<const Ed25519PrivateKey> private_key(const EVP_PKEY* key) {
    Ed25519PrivateKey::Bytes raw{};
    const Ed25519PublicKey public_part = public_bytes(key);
    std::size_t seed_bytes = raw.size() - public_part.size();
    require(::EVP_PKEY_get_raw_private_key(key, raw.data(), &seed_bytes) == 1);
    std::ranges::copy(public_part, raw.begin() + static_cast<std::ptrdiff_t>(seed_bytes));
    return std::make_shared<Ed25519PrivateKey>(raw);
}

/// RFC 8017 §8.1.2, step 1: OpenSSL would take a PSS signature whose first byte is 0 without that byte, too.
bool has_right_length(std::string_view signature, const EVP_PKEY* key, KeyType type) {
    return type != KeyType::rsa || signature.size() == static_cast<std::size_t>(::EVP_PKEY_get_size(key));
}

/// JWS has r and s side by side (RFC 7518 §3.4), OpenSSL has them as DER.
std::string to_der(std::string_view raw) {
    if (raw.size() != 2 * k_p256_part_bytes) return "";
    const EcdsaSignature signature(::ECDSA_SIG_new());
    BigNumber r(::BN_bin2bn(bytes_of(raw), k_p256_part_bytes, nullptr));
    BigNumber s(::BN_bin2bn(bytes_of(raw.substr(k_p256_part_bytes)), k_p256_part_bytes, nullptr));
    require(::ECDSA_SIG_set0(signature.get(), r.release(), s.release()) == 1);
    unsigned char* der = nullptr;
    const int length = ::i2d_ECDSA_SIG(signature.get(), &der);
    require(length > 0);
    const std::string copy(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
    ::OPENSSL_free(der);
    return copy;
}

std::string from_der(std::string_view der) {
    const unsigned char* cursor = bytes_of(der);
    const EcdsaSignature signature(::d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(der.size())));
    require(signature != nullptr);
    std::string raw(2 * k_p256_part_bytes, '\0');
    unsigned char* out = bytes_of(raw);
    require(::BN_bn2binpad(::ECDSA_SIG_get0_r(signature.get()), out, k_p256_part_bytes) == k_p256_part_bytes);
    require(::BN_bn2binpad(::ECDSA_SIG_get0_s(signature.get()), out + k_p256_part_bytes, k_p256_part_bytes) ==
            k_p256_part_bytes);
    return raw;
}

/// Asks nobody for a passphrase: a daemon has nobody to ask.
int no_passphrase(char*, int, int, void* was_asked) {
    *static_cast<bool*>(was_asked) = true;
    return -1;
}

}  // namespace

Result<PublicKey> PublicKey::adopt(std::shared_ptr<evp_pkey_st> key) {
    const Result<KeyType> type = accepted_type(key.get());
    if (!type) return type.error();
    return PublicKey(std::move(key), *type);
}

PublicKey::PublicKey(std::shared_ptr<evp_pkey_st> key, KeyType type) : key_(std::move(key)), type_(type) {
    if (type_ == KeyType::ed25519) ed25519_ = public_bytes(key_.get());
}

std::string PublicKey::description() const {
    switch (type_) {
        case KeyType::ed25519: return "Ed25519";
        case KeyType::p256: return "P-256";
        case KeyType::rsa: return "RSA " + std::to_string(::EVP_PKEY_get_bits(key_.get()));
    }
    return "";
}

bool PublicKey::verify(SignatureAlgorithm algorithm, std::string_view message,
                       std::string_view signature) const {
    if (!fits(algorithm, type_) || !has_right_length(signature, key_.get(), type_)) return false;
    if (type_ == KeyType::ed25519) return verify_ed25519(ed25519_, message, signature);
    const std::string der = algorithm == SignatureAlgorithm::es256 ? to_der(signature) : "";
    if (algorithm == SignatureAlgorithm::es256) signature = der;
    const DigestContext context(::EVP_MD_CTX_new());
    EVP_PKEY_CTX* padding = nullptr;  // belongs to the context
    const bool good =
        ::EVP_DigestVerifyInit(context.get(), &padding, ::EVP_sha256(), nullptr, key_.get()) == 1 &&
        set_padding(padding, algorithm) &&
        ::EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                           message.size()) == 1;
    ::ERR_clear_error();
    return good;
}

bool PublicKey::operator==(const PublicKey& other) const {
    return ::EVP_PKEY_eq(key_.get(), other.key_.get()) == 1;
}

PrivateKey::PrivateKey(PublicKey key) : public_(std::move(key)) {
    if (public_.type() == KeyType::ed25519) ed25519_ = private_key(public_.handle());
}

PrivateKey PrivateKey::generate(KeyType type, int rsa_bits) {
    EVP_PKEY* key = nullptr;
    switch (type) {
        case KeyType::ed25519: key = ::EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"); break;
        case KeyType::p256: key = ::EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"); break;
        case KeyType::rsa:
            key = ::EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", static_cast<std::size_t>(rsa_bits));
            break;
    }
    require(key != nullptr);
    return PrivateKey(PublicKey::adopt(std::shared_ptr<evp_pkey_st>(key, ::EVP_PKEY_free)).value());
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
    const Bio bio = bio_over(pem);
    bool was_asked = false;
    std::shared_ptr<evp_pkey_st> key(::PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, &was_asked),
                                     ::EVP_PKEY_free);
    ::ERR_clear_error();
    if (was_asked) {
        return invalid_key(
            "the key is encrypted, and nobody is there to be asked for its passphrase; make a file without "
            "one: "
            "openssl pkey -in OLD -out NEW");
    }
    if (!key) return invalid_key("not a private key in PEM form (-----BEGIN PRIVATE KEY-----)");
    Result<PublicKey> adopted = PublicKey::adopt(std::move(key));
    if (!adopted) return adopted.error();
    return PrivateKey(std::move(*adopted));
}

Result<PrivateKey> PrivateKey::read(const std::filesystem::path& file) {
    Result<std::string> content = read_private_file(file, k_max_key_file_bytes);
    if (!content) return content.error();
    const Secret pem(std::move(*content));
    Result<PrivateKey> key = from_pem(pem.expose());
    if (!key) return key.error().within(file.string());
    return key;
}

Secret PrivateKey::to_pem() const {
    const Bio bio(::BIO_new(::BIO_s_secmem()));
    require(::PEM_write_bio_PKCS8PrivateKey(bio.get(), public_.handle(), nullptr, nullptr, 0, nullptr,
                                            nullptr) == 1);
    return Secret(bytes_of(bio.get()));
}

std::string PrivateKey::sign(SignatureAlgorithm algorithm, std::string_view message) const {
    require(fits(algorithm, public_.type()));
    if (ed25519_) return ed25519_->sign(message);
    const DigestContext context(::EVP_MD_CTX_new());
    EVP_PKEY_CTX* padding = nullptr;  // belongs to the context
    require(::EVP_DigestSignInit(context.get(), &padding, ::EVP_sha256(), nullptr, public_.handle()) == 1);
    require(set_padding(padding, algorithm));
    std::size_t length = 0;
    require(::EVP_DigestSign(context.get(), nullptr, &length, bytes_of(message), message.size()) == 1);
    std::string signature(length, '\0');
    require(::EVP_DigestSign(context.get(), bytes_of(signature), &length, bytes_of(message),
                             message.size()) == 1);
    signature.resize(length);
    return algorithm == SignatureAlgorithm::es256 ? from_der(signature) : signature;
}

}  // namespace hocket::crypto
