#pragma once

#include <memory>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string>

namespace hocket::crypto {

/// Owners of OpenSSL's objects, for the sources of this folder only.
template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};

using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using BigNumber = std::unique_ptr<BIGNUM, Release<BN_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using X509Handle = std::unique_ptr<X509, Release<X509_free>>;
using CrlHandle = std::unique_ptr<X509_CRL, Release<X509_CRL_free>>;

/// A readable memory BIO over bytes that stay where they are.
Bio bio_over(std::string_view bytes);

/// What a memory BIO has been written.
std::string bytes_of(BIO* bio);

/// Unix seconds; a time that cannot be read is 0.
std::int64_t unix_seconds(const ASN1_TIME* time);

/// "CN=ana,O=Example" (RFC 2253), with everything escaped that a terminal would obey.
std::string name_text(const X509_NAME* name);

/// Hexadecimal digits in upper case, as openssl prints them.
std::string serial_text(const ASN1_INTEGER* serial);

/// OpenSSL's own last words about a failure; empties its queue.
std::string openssl_reason();

}  // namespace hocket::crypto
