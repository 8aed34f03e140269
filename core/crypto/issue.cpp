#include "core/crypto/issue.h"

#include <openssl/pem.h>

#include "core/crypto/openssl.h"
#include "core/crypto/random.h"

namespace hocket::crypto {

namespace {

constexpr long k_x509_v3 = 2;
constexpr long k_crl_v2 = 1;
constexpr std::size_t k_serial_bytes = 16;

using Time = std::unique_ptr<ASN1_TIME, Release<ASN1_TIME_free>>;
using Integer = std::unique_ptr<ASN1_INTEGER, Release<ASN1_INTEGER_free>>;
using Bits = std::unique_ptr<ASN1_BIT_STRING, Release<ASN1_BIT_STRING_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Release<GENERAL_NAMES_free>>;
using Uses = std::unique_ptr<EXTENDED_KEY_USAGE, Release<EXTENDED_KEY_USAGE_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Release<X509_EXTENSION_free>>;
using Constraints = std::unique_ptr<BASIC_CONSTRAINTS, Release<BASIC_CONSTRAINTS_free>>;

// Places of bits in the key usage (RFC 5280 §4.2.1.3).
enum KeyUsageBit { digital_signature = 0, key_encipherment = 2, key_cert_sign = 5, crl_sign = 6 };

Error failed(const std::string& what) {
    return {ErrorCode::invalid_key, "cannot make a certificate: " + what + ": " + openssl_reason(), {}};
}

Time time_of(std::int64_t wall_ms) {
    return Time(::ASN1_TIME_set(nullptr, wall_ms / 1000));
}

/// Positive, and its first byte is never zero: always as long.
Integer random_serial() {
    std::string bytes = random_bytes(k_serial_bytes);
    bytes[0] = static_cast<char>((static_cast<unsigned char>(bytes[0]) & 0x7FU) | 0x40U);
    const BigNumber number(::BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()), nullptr));
    return Integer(::BN_to_ASN1_INTEGER(number.get(), nullptr));
}

void add_ia5_names(GENERAL_NAMES* names, int type, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        ASN1_IA5STRING* value = ::ASN1_IA5STRING_new();
        ::ASN1_STRING_set(value, text.data(), static_cast<int>(text.size()));
        GENERAL_NAME* name = ::GENERAL_NAME_new();
        ::GENERAL_NAME_set0_value(name, type, value);
        sk_GENERAL_NAME_push(names, name);
    }
}

Result<void> add_alternative_names(X509* certificate, const CertificateTerms& terms) {
    const Names names(sk_GENERAL_NAME_new_null());
    add_ia5_names(names.get(), GEN_URI, terms.uris);
    add_ia5_names(names.get(), GEN_DNS, terms.dns_names);
    for (const std::string& text : terms.ip_addresses) {
        ASN1_OCTET_STRING* address = ::a2i_IPADDRESS(text.c_str());
        if (address == nullptr) return failed("'" + text + "' is not an IP address");
        GENERAL_NAME* name = ::GENERAL_NAME_new();
        ::GENERAL_NAME_set0_value(name, GEN_IPADD, address);
        sk_GENERAL_NAME_push(names.get(), name);
    }
    if (sk_GENERAL_NAME_num(names.get()) == 0) return {};
    const int critical = terms.common_names.empty() ? 1 : 0;  // RFC 5280 §4.2.1.6
    if (::X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), critical, 0) != 1)
        return failed("alternative names");
    return {};
}

Result<void> add_usages(X509* certificate, const CertificateTerms& terms) {
    const Constraints constraints(::BASIC_CONSTRAINTS_new());
    constraints->ca = terms.is_ca ? 0xFF : 0;  // DER has no other TRUE, and Go insists on it
    const Bits usage(::ASN1_BIT_STRING_new());
    if (terms.is_ca) {
        ::ASN1_BIT_STRING_set_bit(usage.get(), key_cert_sign, 1);
        ::ASN1_BIT_STRING_set_bit(usage.get(), crl_sign, 1);
    } else {
        ::ASN1_BIT_STRING_set_bit(usage.get(), terms.may_sign ? digital_signature : key_encipherment, 1);
    }
    if (::X509_add1_ext_i2d(certificate, NID_basic_constraints, constraints.get(), 1, 0) != 1 ||
        ::X509_add1_ext_i2d(certificate, NID_key_usage, usage.get(), 1, 0) != 1) {
        return failed("usages");
    }
    if (terms.uses.empty()) return {};
    const Uses uses(sk_ASN1_OBJECT_new_null());
    for (const CertificateUse use : terms.uses) {
        const int id = use == CertificateUse::client_auth ? NID_client_auth : NID_server_auth;
        sk_ASN1_OBJECT_push(uses.get(), ::OBJ_nid2obj(id));
    }
    if (::X509_add1_ext_i2d(certificate, NID_ext_key_usage, uses.get(), 0, 0) != 1) return failed("usages");
    return {};
}

/// Whose key it is and whose signed it, so that a CA can change its own key (RFC 5280 §4.2.1.1 and §4.2.1.2).
Result<void> add_key_ids(X509* certificate, X509* issuer) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    for (const auto& [id, value] : {std::pair{NID_subject_key_identifier, "hash"},
                                    std::pair{NID_authority_key_identifier, "keyid:always"}}) {
        const Extension extension(::X509V3_EXT_conf_nid(nullptr, &context, id, value));
        if (!extension || ::X509_add_ext(certificate, extension.get(), -1) != 1) return failed("key ids");
    }
    return {};
}

Result<void> add_subject(X509* certificate, const CertificateTerms& terms) {
    X509_NAME* subject = ::X509_get_subject_name(certificate);
    for (const std::string& name : terms.common_names) {
        const auto* bytes = reinterpret_cast<const unsigned char*>(name.data());
        if (::X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, bytes, static_cast<int>(name.size()),
                                         -1, 0) != 1) {
            return failed("the common name '" + name + "'");
        }
    }
    return {};
}

const EVP_MD* digest_for(const PrivateKey& key) {
    return key.public_key().type() == KeyType::ed25519 ? nullptr : ::EVP_sha256();
}

/// `issuer` null: the certificate signs itself.
Result<Certificate> issue(const CertificateTerms& terms, const PublicKey& key, const PrivateKey& issuer_key,
                          X509* issuer) {
    X509Handle certificate(::X509_new());
    X509* made = certificate.get();
    ::X509_set_version(made, k_x509_v3);
    ::X509_set_serialNumber(made, random_serial().get());
    ::X509_set1_notBefore(made, time_of(terms.not_before_ms).get());
    ::X509_set1_notAfter(made, time_of(terms.not_after_ms).get());
    ::X509_set_pubkey(made, key.handle());
    if (Result<void> added = add_subject(made, terms); !added) return added.error();
    X509* const signs = issuer == nullptr ? made : issuer;
    ::X509_set_issuer_name(made, ::X509_get_subject_name(signs));
    for (const Result<void>& added :
         {add_usages(made, terms), add_alternative_names(made, terms), add_key_ids(made, signs)}) {
        if (!added) return added.error();
    }
    if (::X509_sign(made, issuer_key.public_key().handle(), digest_for(issuer_key)) == 0)
        return failed("signature");
    return Certificate::adopt(std::shared_ptr<x509_st>(certificate.release(), ::X509_free));
}

Result<void> add_revoked(X509_CRL* crl, const RevokedCertificate& revoked) {
    BIGNUM* parsed = nullptr;
    const int digits = ::BN_hex2bn(&parsed, revoked.serial.c_str());
    const BigNumber number(parsed);
    if (digits == 0 || static_cast<std::size_t>(digits) != revoked.serial.size())
        return Error{ErrorCode::invalid_key, "'" + revoked.serial + "' is not a serial number", {}};
    X509_REVOKED* entry = ::X509_REVOKED_new();
    ::X509_REVOKED_set_serialNumber(entry, Integer(::BN_to_ASN1_INTEGER(number.get(), nullptr)).get());
    ::X509_REVOKED_set_revocationDate(entry, time_of(revoked.revoked_at_ms).get());
    ::X509_CRL_add0_revoked(crl, entry);
    return {};
}

}  // namespace

Result<Certificate> issue_certificate(const CertificateTerms& terms, const PublicKey& key,
                                      const Issuer& issuer) {
    return issue(terms, key, issuer.key, issuer.certificate.handle());
}

Result<Certificate> renew_certificate(const Certificate& certificate, std::int64_t not_before_ms,
                                      std::int64_t not_after_ms, const Issuer& issuer) {
    X509Handle copy(::X509_dup(certificate.handle()));
    if (!copy) return failed("a copy");
    ::X509_set_serialNumber(copy.get(), random_serial().get());
    ::X509_set1_notBefore(copy.get(), time_of(not_before_ms).get());
    ::X509_set1_notAfter(copy.get(), time_of(not_after_ms).get());
    if (::X509_sign(copy.get(), issuer.key.public_key().handle(), digest_for(issuer.key)) == 0)
        return failed("signature");
    return Certificate::adopt(std::shared_ptr<x509_st>(copy.release(), ::X509_free));
}

Result<Certificate> issue_self_signed(const CertificateTerms& terms, const PrivateKey& key) {
    return issue(terms, key.public_key(), key, nullptr);
}

Result<std::string> issue_crl(const std::vector<RevokedCertificate>& revoked, std::uint64_t number,
                              std::int64_t this_update_ms, std::int64_t next_update_ms,
                              const Issuer& issuer) {
    const CrlHandle crl(::X509_CRL_new());
    ::X509_CRL_set_version(crl.get(), k_crl_v2);
    ::X509_CRL_set_issuer_name(crl.get(), ::X509_get_subject_name(issuer.certificate.handle()));
    ::X509_CRL_set1_lastUpdate(crl.get(), time_of(this_update_ms).get());
    ::X509_CRL_set1_nextUpdate(crl.get(), time_of(next_update_ms).get());
    const Integer serial(::ASN1_INTEGER_new());
    ::ASN1_INTEGER_set_uint64(serial.get(), number);
    ::X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, serial.get(), 0, 0);
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer.certificate.handle(), nullptr, nullptr, crl.get(), 0);
    const Extension key_id(
        ::X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
    if (!key_id || ::X509_CRL_add_ext(crl.get(), key_id.get(), -1) != 1) return failed("a CRL's key id");
    for (const RevokedCertificate& each : revoked) {
        if (Result<void> added = add_revoked(crl.get(), each); !added) return added.error();
    }
    ::X509_CRL_sort(crl.get());
    if (::X509_CRL_sign(crl.get(), issuer.key.public_key().handle(), digest_for(issuer.key)) == 0)
        return failed("a CRL's signature");
    const Bio bio(::BIO_new(::BIO_s_mem()));
    ::PEM_write_bio_X509_CRL(bio.get(), crl.get());
    return bytes_of(bio.get());
}

}  // namespace hocket::crypto
