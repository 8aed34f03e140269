#include "runner/node/identity.h"

#include "core/base/names.h"
#include "core/base/text.h"

namespace hocket::node {

namespace {

constexpr std::string_view k_grammar =
    "lower-case labels of [a-z0-9_-] joined by single dots, 253 characters at most";

Error invalid(std::string message) {
    return {ErrorCode::invalid_config, std::move(message), {}};
}

Error invalid_configured(std::string_view configured) {
    std::string message = "identity " + quote_bytes(configured) + " is not " + std::string(k_grammar);
    const std::string lower = to_lower_ascii(configured);
    if (is_identity(lower)) message += "; try '" + lower + "'";
    return invalid(std::move(message));
}

}  // namespace

Result<std::string> node_identity(std::string_view configured, const HostNames& host) {
    if (!configured.empty()) {
        if (!is_identity(configured)) return invalid_configured(configured);
        return std::string(configured);
    }
    const std::string advice = "; set `identity` in the configuration";
    if (host.fqdn.empty()) return invalid("the host has no name" + advice);
    if (host.hostname == "localhost") {
        return invalid("the host is called " + quote_bytes(host.fqdn) + ", as every other is" + advice);
    }
    if (!is_identity(host.fqdn)) {
        return invalid("the host's name " + quote_bytes(host.fqdn) + " is not " + std::string(k_grammar) +
                       advice);
    }
    return host.fqdn;
}

}  // namespace hocket::node
