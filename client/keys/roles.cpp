#include "client/keys/roles.h"

#include <arpa/inet.h>

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/wire/certificate_names.h"

namespace hocket::keys {

namespace {

using crypto::CertificateTerms;
using crypto::CertificateUse;

constexpr std::size_t k_max_common_name_bytes = 64;  // RFC 5280, ub-common-name

Error usage(const std::string& text, const std::string& reason) {
    return {ErrorCode::usage, quote_bytes(text) + ' ' + reason, {}};
}

bool is_address(const std::string& host) {
    in6_addr address{};
    return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
           ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

/// A name too long for a common name stands among the alternative names alone.
std::vector<std::string> common_name(const std::string& name) {
    if (name.size() > k_max_common_name_bytes) return {};
    return {name};
}

}  // namespace

Result<CertificateTerms> caller_certificate(const std::string& name) {
    if (!is_key_name(name)) return usage(name, "is not a caller's name: [A-Za-z0-9][A-Za-z0-9_.@-]{0,63}");
    CertificateTerms terms;
    terms.common_names = {name};
    terms.uris = {wire::k_caller_uri + name};
    terms.uses = {CertificateUse::client_auth};
    return terms;
}

Result<CertificateTerms> node_certificate(const std::string& identity) {
    if (!is_identity(identity)) {
        return usage(identity, "is not an identity: lower-case labels of [a-z0-9_-] joined by single dots");
    }
    CertificateTerms terms;
    terms.common_names = common_name(identity);
    terms.dns_names = {identity};
    terms.uses = {CertificateUse::server_auth, CertificateUse::client_auth};
    return terms;
}

Result<CertificateTerms> broker_certificate(const std::vector<std::string>& hosts) {
    CertificateTerms terms;
    for (const std::string& host : hosts) {
        if (is_address(host)) {
            terms.ip_addresses.push_back(host);
        } else if (is_identity(to_lower_ascii(host))) {
            terms.dns_names.push_back(host);
        } else {
            return usage(host, "is neither the name of a host nor an IP address");
        }
    }
    terms.common_names = common_name(hosts.front());
    terms.uses = {CertificateUse::server_auth, CertificateUse::client_auth};
    return terms;
}

Result<CertificateTerms> ca_certificate(const std::string& name) {
    if (name.empty() || name.size() > k_max_common_name_bytes || !is_utf8(name) || escape_text(name) != name)
        return usage(name, "is not a name for a CA: 1 to 64 bytes of text");
    CertificateTerms terms;
    terms.common_names = {name};
    terms.is_ca = true;
    return terms;
}

}  // namespace hocket::keys
