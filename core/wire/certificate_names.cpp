#include "core/wire/certificate_names.h"

#include <algorithm>
#include <optional>

#include "core/base/names.h"
#include "core/base/text.h"

namespace hocket::wire {

namespace {

Error untrusted(const crypto::Certificate& certificate, const std::string& reason) {
    return {ErrorCode::untrusted_certificate, certificate.title() + ": " + reason, {}};
}

std::vector<std::string> caller_uris(const crypto::Certificate& certificate) {
    std::vector<std::string> uris = certificate.uris();
    std::erase_if(uris, [](const std::string& uri) { return !uri.starts_with(k_caller_uri); });
    return uris;
}

Result<std::string> single_common_name(const crypto::Certificate& certificate) {
    std::vector<std::string> names = certificate.common_names();
    if (names.size() == 1) return std::move(names.front());
    return untrusted(certificate, "it has " + std::to_string(names.size()) + " common names, not one");
}

}  // namespace

Result<std::string> caller_name(const crypto::Certificate& certificate) {
    const std::vector<std::string> uris = caller_uris(certificate);
    if (uris.size() > 1) return untrusted(certificate, "it has more than one URI hocket:caller:NAME");
    if (uris.empty() && (!certificate.dns_names().empty() || certificate.has_ip_address()))
        return untrusted(certificate, "it is that of a host, and has no URI hocket:caller:NAME");
    Result<std::string> name = uris.empty() ? single_common_name(certificate)
                                            : uris.front().substr(std::string_view(k_caller_uri).size());
    if (name && !is_key_name(*name))
        return untrusted(certificate, quote_bytes(*name) + " is not the name of a caller");
    return name;
}

Result<std::string> node_name(const crypto::Certificate& certificate) {
    if (!caller_uris(certificate).empty())
        return untrusted(certificate, "it is that of a caller: it has the URI hocket:caller:NAME");
    std::vector<std::string> hosts = certificate.dns_names();
    for (std::string& host : hosts)
        host = to_lower_ascii(host);
    if (hosts.empty() && certificate.has_ip_address())
        return untrusted(certificate, "it names an address and no host");
    Result<std::string> name = hosts.size() == 1 ? hosts.front() : single_common_name(certificate);
    if (!name) return name;
    *name = to_lower_ascii(*name);
    if (hosts.size() > 1 && std::find(hosts.begin(), hosts.end(), *name) == hosts.end())
        return untrusted(certificate, "its common name is none of its names of hosts");
    if (!is_identity(*name))
        return untrusted(certificate, quote_bytes(*name) + " is not the identity of a node");
    return name;
}

}  // namespace hocket::wire
