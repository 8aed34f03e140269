#include "core/crypto/trust.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <openssl/pem.h>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/crypto/openssl.h"

namespace hocket::crypto {

namespace {

constexpr std::size_t k_max_crl_file_bytes = 64U << 20U;
constexpr int k_max_depth = 4;
constexpr int k_security_level =
    2;  // OpenSSL's: 112 bits, so no SHA-1 and no short RSA anywhere in the chain

using StoreHandle = std::unique_ptr<X509_STORE, Release<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Release<X509_STORE_CTX_free>>;

void free_stack(STACK_OF(X509) * stack) {
    sk_X509_free(stack);
}

/// One run of OpenSSL's path validation (RFC 5280 §6) over a chain whose leaf comes first.
class Verification {
public:
    Verification(X509_STORE* store, std::span<const Certificate> chain)
        : others_(sk_X509_new_null()), context_(::X509_STORE_CTX_new()) {
        for (const Certificate& other : chain.subspan(1))
            sk_X509_push(others_.get(), other.handle());
        if (::X509_STORE_CTX_init(context_.get(), store, chain.front().handle(), others_.get()) != 1)
            std::abort();
    }

    X509_STORE_CTX* context() const { return context_.get(); }

    bool holds() const {
        const bool good = ::X509_verify_cert(context_.get()) == 1;
        ::ERR_clear_error();
        return good;
    }

private:
    std::unique_ptr<STACK_OF(X509), Release<free_stack>> others_;
    StoreContext context_;
};

Error untrusted(const std::string& message) {
    return {ErrorCode::untrusted_certificate, message, {}};
}

std::int64_t next_update_ms(const X509_CRL* crl) {
    return unix_seconds(::X509_CRL_get0_nextUpdate(crl)) * 1000;
}

std::int64_t this_update_ms(const X509_CRL* crl) {
    return unix_seconds(::X509_CRL_get0_lastUpdate(crl)) * 1000;
}

/// Whether both speak for the same key of the same CA.
bool are_of_one_issuer(const X509_CRL* left, const X509_CRL* right) {
    if (::X509_NAME_cmp(::X509_CRL_get_issuer(left), ::X509_CRL_get_issuer(right)) != 0) return false;
    const auto key_id = [](const X509_CRL* crl) {
        using KeyId = std::unique_ptr<AUTHORITY_KEYID, Release<AUTHORITY_KEYID_free>>;
        const KeyId id(static_cast<AUTHORITY_KEYID*>(
            ::X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, nullptr, nullptr)));
        if (!id || id->keyid == nullptr) return std::string();
        return std::string(reinterpret_cast<const char*>(::ASN1_STRING_get0_data(id->keyid)),
                           static_cast<std::size_t>(::ASN1_STRING_length(id->keyid)));
    };
    return key_id(left) == key_id(right);
}

/// Of several lists of one CA only the newest counts: an older one would bring back what was revoked since, as soon as the
/// newest is stale.
void keep_newest(std::vector<CrlHandle>& crls, CrlHandle crl) {
    for (CrlHandle& kept : crls) {
        if (!are_of_one_issuer(kept.get(), crl.get())) continue;
        if (this_update_ms(kept.get()) < this_update_ms(crl.get())) kept = std::move(crl);
        return;
    }
    crls.push_back(std::move(crl));
}

Result<std::vector<CrlHandle>> read_crls(const std::filesystem::path& file) {
    const Result<std::string> content = read_file(file, k_max_crl_file_bytes);
    if (!content) return Error{ErrorCode::invalid_key, content.error().message, {}};
    const Bio bio = bio_over(*content);
    std::vector<CrlHandle> crls;
    while (X509_CRL* each = ::PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr)) {
        CrlHandle crl(each);
        if (::X509_CRL_get0_nextUpdate(each) == nullptr) {
            return Error{ErrorCode::invalid_key,
                         file.string() + ": the CRL of '" + name_text(::X509_CRL_get_issuer(each)) +
                             "' does not say when it is replaced (nextUpdate), so it would never be stale",
                         {}};
        }
        keep_newest(crls, std::move(crl));
    }
    const bool ended = ERR_GET_REASON(::ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    const std::string reason = openssl_reason();
    if (crls.empty() || !ended) {
        return Error{
            ErrorCode::invalid_key,
            file.string() + ": " +
                (ended ? "no CRL in PEM form (-----BEGIN X509 CRL-----)" : "a CRL is broken: " + reason),
            {}};
    }
    return crls;
}

bool is_signed_by(const X509_CRL* crl, const Certificate& ca) {
    const bool is_signed =
        ::X509_CRL_verify(const_cast<X509_CRL*>(crl), ::X509_get0_pubkey(ca.handle())) == 1;
    ::ERR_clear_error();
    return is_signed;
}

std::shared_ptr<x509_st> shared(X509* certificate) {
    ::X509_up_ref(certificate);
    return {certificate, ::X509_free};
}

std::string revoked_text(const Certificate& certificate) {
    return certificate.title() + ": revoked by '" + certificate.issuer() + "'";
}

/// A trusted CA ends the chain, and is trusted as it is: no CRL speaks about it. OpenSSL looks for one all the same, and where
/// it finds one, as of the CA above an intermediate that is trusted by itself, it cannot check whose that is. What else is
/// wrong with that CA was found without CRLs.
int leave_out_crl_of_anchor(int good, X509_STORE_CTX* context) {
    const int last = sk_X509_num(::X509_STORE_CTX_get0_chain(context)) - 1;
    if (good == 1 || ::X509_STORE_CTX_get_error_depth(context) != last) return good;
    ::X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
}

}  // namespace

struct Trust::Store {
    std::filesystem::path ca_file;
    std::filesystem::path crl_file;
    std::vector<Certificate> anchors;
    StoreHandle handle;
    std::vector<CrlHandle> crls;

    Result<std::int64_t> verify(std::span<const Certificate> chain, CertificateUse use, std::int64_t now_ms,
                                unsigned long flags) const;
    std::string reason(X509_STORE_CTX* context, std::int64_t now_ms) const;
    std::int64_t valid_until_ms(X509_STORE_CTX* context) const;
    bool is_revoked_by_another(X509* anchor) const;
    const X509_CRL* crl_of(const X509_NAME* issuer) const;
    std::optional<CaFault> fault_of(const Certificate& ca, std::int64_t now_ms) const;
    std::optional<std::string> fault_of_crl(const X509_CRL* crl, const Certificate& ca,
                                            std::int64_t now_ms) const;
    std::string stale_text(const std::string& issuer, const X509_CRL* crl) const;
    std::string early_text(const std::string& issuer) const;
    std::string unsigned_text(const std::string& issuer) const;
};

/// What is wrong with the certificate at which the verification stopped.
std::string Trust::Store::reason(X509_STORE_CTX* context, std::int64_t now_ms) const {
    const int error = ::X509_STORE_CTX_get_error(context);
    X509* at = ::X509_STORE_CTX_get_current_cert(context);
    if (at == nullptr) return ::X509_verify_cert_error_string(error);
    const Certificate certificate = Certificate::adopt(shared(at));
    const std::string issuer = "'" + certificate.issuer() + "'";
    const X509_CRL* crl = crl_of(::X509_get_issuer_name(at));
    const auto text = [&]() -> std::string {
        switch (error) {
            case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
            case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
            case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
                return "issued by " + issuer + ", who is not in " + ca_file.string();
            case X509_V_ERR_CERT_SIGNATURE_FAILURE:
                return "not signed by the " + issuer + " in " + ca_file.string();
            case X509_V_ERR_CERT_NOT_YET_VALID:
                return "not valid before " + utc_text(certificate.not_before_ms()) + ", now is " +
                       utc_text(now_ms);
            case X509_V_ERR_CERT_HAS_EXPIRED:
                return "expired at " + utc_text(certificate.not_after_ms()) + ", now is " + utc_text(now_ms);
            case X509_V_ERR_CERT_REVOKED: return "revoked by " + issuer;
            case X509_V_ERR_UNABLE_TO_GET_CRL: return "no CRL of " + issuer + " in " + crl_file.string();
            case X509_V_ERR_CRL_HAS_EXPIRED: return stale_text(issuer, crl);
            case X509_V_ERR_CRL_NOT_YET_VALID: return early_text(issuer);
            case X509_V_ERR_CRL_SIGNATURE_FAILURE: return unsigned_text(issuer);
            default: return ::X509_verify_cert_error_string(error);
        }
    };
    return certificate.title() + ": " + text();
}

std::string Trust::Store::stale_text(const std::string& issuer, const X509_CRL* crl) const {
    return "the CRL of " + issuer + " in " + crl_file.string() + " is stale: its replacement was due at " +
           (crl == nullptr ? "?" : utc_text(next_update_ms(crl))) + "; fetch it";
}

std::string Trust::Store::early_text(const std::string& issuer) const {
    return "the CRL of " + issuer + " in " + crl_file.string() + " is not valid yet; look at the clocks";
}

std::string Trust::Store::unsigned_text(const std::string& issuer) const {
    return "the CRL in " + crl_file.string() + " was not signed by " + issuer;
}

std::optional<CaFault> Trust::Store::fault_of(const Certificate& ca, std::int64_t now_ms) const {
    const std::string name = "'" + ca.subject() + "'";
    const std::string title = ca_file.string() + ": " + ca.title();
    if (ca.not_before_ms() > now_ms)
        return CaFault{title + ": not valid before " + utc_text(ca.not_before_ms()) + "; look at the clocks",
                       false};
    if (ca.not_after_ms() <= now_ms)
        return CaFault{title + ": expired at " + utc_text(ca.not_after_ms()), false};
    if (is_revoked_by_another(ca.handle())) return CaFault{ca_file.string() + ": " + revoked_text(ca), false};
    if (crls.empty()) return std::nullopt;
    std::optional<std::string> fault;
    for (const CrlHandle& crl : crls) {
        if (::X509_NAME_cmp(::X509_CRL_get_issuer(crl.get()), ::X509_get_subject_name(ca.handle())) != 0)
            continue;
        fault = fault_of_crl(crl.get(), ca, now_ms);
        if (!fault) return std::nullopt;
    }
    if (fault) return CaFault{*fault, false};
    return CaFault{"no CRL of " + name + " in " + crl_file.string(), true};
}

std::optional<std::string> Trust::Store::fault_of_crl(const X509_CRL* crl, const Certificate& ca,
                                                      std::int64_t now_ms) const {
    const std::string name = "'" + ca.subject() + "'";
    if (!is_signed_by(crl, ca)) return unsigned_text(name);
    if (this_update_ms(crl) > now_ms) return early_text(name);
    if (next_update_ms(crl) <= now_ms) return stale_text(name, crl);
    return std::nullopt;
}

const X509_CRL* Trust::Store::crl_of(const X509_NAME* issuer) const {
    const X509_CRL* found = nullptr;
    for (const CrlHandle& crl : crls) {
        if (::X509_NAME_cmp(::X509_CRL_get_issuer(crl.get()), issuer) != 0) continue;
        if (found == nullptr || next_update_ms(crl.get()) > next_update_ms(found)) found = crl.get();
    }
    return found;
}

std::int64_t Trust::Store::valid_until_ms(X509_STORE_CTX* context) const {
    const STACK_OF(X509)* chain = ::X509_STORE_CTX_get0_chain(context);
    const int anchor = sk_X509_num(chain) - 1;
    std::int64_t until = std::numeric_limits<std::int64_t>::max();
    for (int i = 0; i <= anchor; ++i) {
        const X509* certificate = sk_X509_value(chain, i);
        until = std::min(until, unix_seconds(::X509_get0_notAfter(certificate)) * 1000);
        if (i == anchor) break;
        for (const CrlHandle& crl : crls) {
            if (::X509_NAME_cmp(::X509_CRL_get_issuer(crl.get()), ::X509_get_issuer_name(certificate)) == 0)
                until = std::min(until, next_update_ms(crl.get()));
        }
    }
    return until;
}

Trust::Trust(std::unique_ptr<Store> store) : store_(std::move(store)) {}
Trust::Trust(Trust&&) noexcept = default;
Trust& Trust::operator=(Trust&&) noexcept = default;
Trust::~Trust() = default;

Result<Trust> Trust::read(const std::filesystem::path& ca_file, const std::filesystem::path& crl_file) {
    Result<std::vector<Certificate>> anchors = Certificate::read(ca_file);
    if (!anchors) return anchors.error();
    auto store = std::make_unique<Store>();
    store->ca_file = ca_file;
    store->crl_file = crl_file;
    store->handle.reset(::X509_STORE_new());
    for (const Certificate& anchor : *anchors) {
        if (!anchor.is_ca()) {
            return Error{ErrorCode::invalid_key,
                         ca_file.string() + ": " + anchor.title() + " is not that of a CA",
                         {}};
        }
        ::X509_STORE_add_cert(store->handle.get(), anchor.handle());
    }
    store->anchors = std::move(*anchors);
    if (!crl_file.empty()) {
        Result<std::vector<CrlHandle>> crls = read_crls(crl_file);
        if (!crls) return crls.error();
        for (const CrlHandle& crl : *crls)
            ::X509_STORE_add_crl(store->handle.get(), crl.get());
        store->crls = std::move(*crls);
    }
    return Trust(std::move(store));
}

Result<std::int64_t> Trust::verify(std::span<const Certificate> chain, CertificateUse use,
                                   std::int64_t now_ms) const {
    const Certificate& leaf = chain.front();
    if (Result<void> checked = leaf.check_use(use); !checked)
        return untrusted(leaf.title() + ": " + checked.error().message);
    Result<std::int64_t> path = store_->verify(chain, use, now_ms, X509_V_FLAG_PARTIAL_CHAIN);
    if (!path || store_->crls.empty()) return path;
    // OpenSSL looks at CRLs, however large, before it looks at signatures: nobody unknown gets that far.
    return store_->verify(chain, use, now_ms,
                          X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

Result<std::int64_t> Trust::Store::verify(std::span<const Certificate> chain, CertificateUse use,
                                          std::int64_t now_ms, unsigned long flags) const {
    const Verification verification(handle.get(), chain);
    X509_VERIFY_PARAM* parameters = ::X509_STORE_CTX_get0_param(verification.context());
    ::X509_VERIFY_PARAM_set_flags(parameters, flags);
    ::X509_VERIFY_PARAM_set_time(parameters, now_ms / 1000);
    ::X509_VERIFY_PARAM_set_depth(parameters, k_max_depth);
    ::X509_VERIFY_PARAM_set_auth_level(parameters, k_security_level);
    ::X509_VERIFY_PARAM_set_purpose(
        parameters, use == CertificateUse::client_auth ? X509_PURPOSE_SSL_CLIENT : X509_PURPOSE_SSL_SERVER);
    const bool looks_at_crls = (flags & X509_V_FLAG_CRL_CHECK) != 0;
    if (looks_at_crls) ::X509_STORE_CTX_set_verify_cb(verification.context(), leave_out_crl_of_anchor);
    if (!verification.holds()) return untrusted(reason(verification.context(), now_ms));
    const STACK_OF(X509)* const path = ::X509_STORE_CTX_get0_chain(verification.context());
    X509* const anchor = sk_X509_value(path, sk_X509_num(path) - 1);
    if (looks_at_crls && is_revoked_by_another(anchor))
        return untrusted(revoked_text(Certificate::adopt(shared(anchor))));
    return valid_until_ms(verification.context());
}

/// Whoever lists a CA and the one above it means the list of that one, too; then it does not matter how old it is.
bool Trust::Store::is_revoked_by_another(X509* anchor) const {
    const X509_NAME* const issuer = ::X509_get_issuer_name(anchor);
    return std::ranges::any_of(crls, [&](const CrlHandle& crl) {
        X509_REVOKED* entry = nullptr;
        if (::X509_NAME_cmp(::X509_CRL_get_issuer(crl.get()), issuer) != 0) return false;
        if (::X509_CRL_get0_by_cert(crl.get(), &entry, anchor) != 1) return false;
        return std::ranges::any_of(anchors, [&](const Certificate& other) {
            return ::X509_NAME_cmp(::X509_get_subject_name(other.handle()), issuer) == 0 &&
                   is_signed_by(crl.get(), other);
        });
    });
}

bool Trust::reaches(std::span<const Certificate> chain) const {
    const Verification verification(store_->handle.get(), chain);
    X509_VERIFY_PARAM_set_flags(::X509_STORE_CTX_get0_param(verification.context()),
                                X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
    return verification.holds();
}

std::vector<CaFault> Trust::faults(std::int64_t now_ms) const {
    std::vector<CaFault> found;
    for (const Certificate& ca : store_->anchors) {
        if (std::optional<CaFault> fault = store_->fault_of(ca, now_ms)) found.push_back(std::move(*fault));
    }
    if (found.size() < size()) return found;
    for (CaFault& fault : found)
        fault.may_be_meant = false;
    return found;
}

std::size_t Trust::size() const {
    return store_->anchors.size();
}

const std::filesystem::path& Trust::ca_file() const {
    return store_->ca_file;
}

const std::filesystem::path& Trust::crl_file() const {
    return store_->crl_file;
}

std::optional<std::int64_t> Trust::crl_next_update_ms() const {
    std::optional<std::int64_t> first;
    for (const CrlHandle& crl : store_->crls)
        first = std::min(first.value_or(std::numeric_limits<std::int64_t>::max()), next_update_ms(crl.get()));
    return first;
}

}  // namespace hocket::crypto
