#include "core/crypto/certificate.h"

#include <openssl/pem.h>

#include "core/base/file.h"
#include "core/crypto/digest.h"
#include "core/crypto/openssl.h"

namespace hocket::crypto {

namespace {

constexpr std::size_t k_max_file_bytes = 4U << 20U;
constexpr std::size_t k_max_title_bytes = 200;  // subject and serial number of strangers may be of any length

Error invalid_key(const std::string& message) {
    return {ErrorCode::invalid_key, message, {}};
}

std::string text_of(const ASN1_STRING* string) {
    const unsigned char* data = ::ASN1_STRING_get0_data(string);
    return {reinterpret_cast<const char*>(data), static_cast<std::size_t>(::ASN1_STRING_length(string))};
}

/// The subject's alternative names of one type.
std::vector<std::string> alternative_names(const X509* certificate, int type) {
    using Names = std::unique_ptr<GENERAL_NAMES, Release<GENERAL_NAMES_free>>;
    const Names names(
        static_cast<GENERAL_NAMES*>(::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> found;
    if (!names) return found;
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == type) found.push_back(text_of(name->d.ia5));
    }
    return found;
}

}  // namespace

Result<Certificate> Certificate::from_der(std::string_view der) {
    const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
    const unsigned char* end = cursor + der.size();
    std::shared_ptr<x509_st> certificate(::d2i_X509(nullptr, &cursor, static_cast<long>(der.size())),
                                         ::X509_free);
    ::ERR_clear_error();
    if (!certificate || cursor != end) return invalid_key("not a certificate in DER form");
    return Certificate(std::move(certificate));
}

Result<std::vector<Certificate>> Certificate::from_pem(std::string_view pem) {
    const Bio bio = bio_over(pem);
    std::vector<Certificate> certificates;
    while (X509* each = ::PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
        certificates.push_back(Certificate(std::shared_ptr<x509_st>(each, ::X509_free)));
    const bool ended = ERR_GET_REASON(::ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    const std::string reason = openssl_reason();
    if (!ended) {
        return invalid_key("certificate " + std::to_string(certificates.size() + 1) +
                           " is broken: " + reason);
    }
    if (certificates.empty()) return invalid_key("no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
    return certificates;
}

Result<std::vector<Certificate>> Certificate::read(const std::filesystem::path& file) {
    const Result<std::string> content = read_file(file, k_max_file_bytes);
    if (!content) return invalid_key(content.error().message);
    Result<std::vector<Certificate>> certificates = from_pem(*content);
    if (!certificates) return certificates.error().within(file.string());
    return certificates;
}

std::string Certificate::to_der() const {
    unsigned char* der = nullptr;
    const int length = ::i2d_X509(certificate_.get(), &der);
    const std::string bytes(reinterpret_cast<const char*>(der),
                            length > 0 ? static_cast<std::size_t>(length) : 0);
    ::OPENSSL_free(der);
    return bytes;
}

std::string Certificate::to_pem() const {
    const Bio bio(::BIO_new(::BIO_s_mem()));
    ::PEM_write_bio_X509(bio.get(), certificate_.get());
    return bytes_of(bio.get());
}

std::string Certificate::fingerprint() const {
    return sha256_hex(to_der());
}

std::string Certificate::subject() const {
    return name_text(::X509_get_subject_name(certificate_.get()));
}

std::string Certificate::issuer() const {
    return name_text(::X509_get_issuer_name(certificate_.get()));
}

std::string Certificate::serial() const {
    return serial_text(::X509_get0_serialNumber(certificate_.get()));
}

std::string Certificate::title() const {
    const auto cut = [](const std::string& text) {
        return text.size() <= k_max_title_bytes ? text : text.substr(0, k_max_title_bytes) + "...";
    };
    return "certificate '" + cut(subject()) + "' (serial " + cut(serial()) + ")";
}

std::int64_t Certificate::not_before_ms() const {
    return unix_seconds(::X509_get0_notBefore(certificate_.get())) * 1000;
}

std::int64_t Certificate::not_after_ms() const {
    return unix_seconds(::X509_get0_notAfter(certificate_.get())) * 1000;
}

std::vector<std::string> Certificate::common_names() const {
    const X509_NAME* name = ::X509_get_subject_name(certificate_.get());
    std::vector<std::string> found;
    for (int i = -1; (i = ::X509_NAME_get_index_by_NID(name, NID_commonName, i)) >= 0;) {
        unsigned char* utf8 = nullptr;
        const int length =
            ::ASN1_STRING_to_UTF8(&utf8, ::X509_NAME_ENTRY_get_data(::X509_NAME_get_entry(name, i)));
        found.emplace_back(reinterpret_cast<const char*>(utf8),
                           length > 0 ? static_cast<std::size_t>(length) : 0);
        ::OPENSSL_free(utf8);
    }
    return found;
}

std::vector<std::string> Certificate::dns_names() const {
    return alternative_names(certificate_.get(), GEN_DNS);
}

std::vector<std::string> Certificate::uris() const {
    return alternative_names(certificate_.get(), GEN_URI);
}

bool Certificate::has_ip_address() const {
    return !alternative_names(certificate_.get(), GEN_IPADD).empty();
}

bool Certificate::is_ca() const {
    return ::X509_check_ca(certificate_.get()) == 1;
}

bool Certificate::is_signed_by(const Certificate& issuer) const {
    const bool good = ::X509_verify(certificate_.get(), ::X509_get0_pubkey(issuer.handle())) == 1;
    ::ERR_clear_error();
    return good;
}

bool Certificate::is_for(CertificateUse use) const {
    const std::uint32_t wanted = use == CertificateUse::client_auth ? XKU_SSL_CLIENT : XKU_SSL_SERVER;
    return (::X509_get_extended_key_usage(certificate_.get()) & wanted) != 0;
}

Result<void> Certificate::check_use(CertificateUse use) const {
    const auto untrusted = [](const std::string& reason) {
        return Error{ErrorCode::untrusted_certificate, reason, {}};
    };
    const bool client = use == CertificateUse::client_auth;
    if (is_ca()) return untrusted("it is the certificate of a CA");
    if (const Result<PublicKey> key = public_key(); !key) return untrusted(key.error().message);
    if ((::X509_get_key_usage(certificate_.get()) & KU_DIGITAL_SIGNATURE) == 0)
        return untrusted("its key usage lacks digitalSignature");
    if (is_for(use)) return {};
    return untrusted(std::string("its extended key usage lacks ") + (client ? "clientAuth" : "serverAuth"));
}

Result<PublicKey> Certificate::public_key() const {
    std::shared_ptr<evp_pkey_st> key(::X509_get_pubkey(certificate_.get()), ::EVP_PKEY_free);
    ::ERR_clear_error();
    if (!key) return invalid_key("its key cannot be read");
    return PublicKey::adopt(std::move(key));
}

}  // namespace hocket::crypto
