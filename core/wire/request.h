#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/hidden_json.h"
#include "core/filter/filter.h"

namespace hocket::wire {

inline constexpr char k_request_protocol[] = "io.hocket.request.v1";

/// Bounds of a request that both ends enforce.
inline constexpr std::int64_t k_max_ttl_ms = 10LL * 60 * 1000;
inline constexpr std::int64_t k_max_timeout_ms = 24LL * 60 * 60 * 1000;
inline constexpr std::size_t k_max_targets = 10'000;

enum class Delivery { live, queued };

/// A request as spec/protocol.md, messages, defines it. Times are Unix milliseconds, spans are milliseconds.
struct Request {
    std::string id;
    std::string collective;
    std::string agent;
    std::string action;
    HiddenJson inputs;
    std::string caller;
    std::string sender;  ///< the host that it was sent from: for people, never checked
    std::int64_t issued_at = 0;
    std::int64_t ttl_ms = 10'000;
    std::int64_t timeout_ms = 10'000;
    filter::Filter filter;
    std::vector<std::string> targets;  ///< literal identities; empty on a wide broadcast
    Delivery delivery = Delivery::live;
    bool noop = false;
};

/// Errors: malformed_message with the member that is wrong; oversized_message.
Result<Request> parse_request(std::string_view payload);

/// The bytes that are signed and sent.
std::string encode_request(const Request& request);

}  // namespace hocket::wire
