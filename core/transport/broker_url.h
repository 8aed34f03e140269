#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hocket::transport {

/// Where a broker listens.
struct BrokerAddress {
    std::string host;  ///< a name or an address, an IPv6 address without brackets
    std::string port = "4222";
};

/// "nats://user@127.0.0.1:4222", "tls://[::1]", "nats1.example".
/// Errors: invalid_config, for another scheme, and for a URL without a host.
Result<BrokerAddress> parse_broker_url(std::string_view url);

/// Why no broker answers at this URL, found out by a name lookup and a TCP connection, which takes half a second at most after
/// the lookup: "127.0.0.1:4222: Connection refused".
std::string why_unreachable(std::string_view url);

}  // namespace hocket::transport
