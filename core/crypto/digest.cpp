#include "core/crypto/digest.h"

#include <cstdlib>
#include <memory>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "core/base/encoding.h"
#include "core/crypto/bytes.h"

namespace hocket::crypto {

namespace {

constexpr std::size_t k_sha256_bytes = 32;

// The providers' objects: fetching one costs more than the digest, so each is fetched once.
const EVP_MD* sha256_algorithm() {
    static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> digest(
        EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
    return digest.get();
}

EVP_MAC* hmac_algorithm() {
    static const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(
        EVP_MAC_fetch(nullptr, "HMAC", nullptr), &EVP_MAC_free);
    return mac.get();
}

EVP_KDF* hkdf_algorithm() {
    static const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(
        EVP_KDF_fetch(nullptr, "HKDF", nullptr), &EVP_KDF_free);
    return kdf.get();
}

/// OpenSSL's default provider is present or nothing works: a failure here is no input's fault.
void require(bool ok) {
    if (!ok) std::abort();
}

// OSSL_PARAM wants pointers to non-const although it only reads them.
OSSL_PARAM octets(const char* name, std::string_view bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<char*>(bytes.data()), bytes.size());
}

OSSL_PARAM sha256_name() {
    static char name[] = "SHA256";
    return OSSL_PARAM_construct_utf8_string(OSSL_ALG_PARAM_DIGEST, name, 0);
}

/// A context that knows its digest: to make one costs as much as the MAC of a message. The last key stays in
/// it until the next MAC of this thread, or its end.
EVP_MAC_CTX* hmac_context() {
    thread_local const auto context = [] {
        std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> made(EVP_MAC_CTX_new(hmac_algorithm()),
                                                                       &EVP_MAC_CTX_free);
        const OSSL_PARAM parameters[] = {sha256_name(), OSSL_PARAM_construct_end()};
        require(EVP_MAC_CTX_set_params(made.get(), parameters) == 1);
        return made;
    }();
    return context.get();
}

}  // namespace

std::string sha256(std::string_view bytes) {
    std::string digest(k_sha256_bytes, '\0');
    require(EVP_Digest(bytes.data(), bytes.size(), bytes_of(digest), nullptr, sha256_algorithm(), nullptr) ==
            1);
    return digest;
}

std::string sha256_hex(std::string_view bytes) {
    return hex_encode(sha256(bytes));
}

std::string hmac_sha256(const Secret& key, std::initializer_list<std::string_view> parts) {
    EVP_MAC_CTX* const context = hmac_context();
    require(EVP_MAC_init(context, bytes_of(key.expose()), key.expose().size(), nullptr) == 1);
    for (const std::string_view part : parts) {
        require(EVP_MAC_update(context, bytes_of(part), part.size()) == 1);
    }
    std::string mac(k_sha256_bytes, '\0');
    std::size_t length = 0;
    require(EVP_MAC_final(context, bytes_of(mac), &length, mac.size()) == 1);
    return mac;
}

Secret hkdf_sha256(const Secret& key, std::string_view info) {
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(hkdf_algorithm()),
                                                                            &EVP_KDF_CTX_free);
    const OSSL_PARAM parameters[] = {sha256_name(), octets(OSSL_KDF_PARAM_KEY, key.expose()),
                                     octets(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
    std::string derived(k_sha256_bytes, '\0');
    require(EVP_KDF_derive(context.get(), bytes_of(derived), derived.size(), parameters) == 1);
    return Secret(std::move(derived));
}

bool constant_time_equal(std::string_view left, std::string_view right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace hocket::crypto
