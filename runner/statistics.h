#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace hocket {

/// What has happened since the start; the names are those of rpcutil's daemon_stats.
struct Statistics {
    std::uint64_t total = 0;        ///< messages taken from the broker
    std::uint64_t validated = 0;    ///< verified requests
    std::uint64_t unvalidated = 0;  ///< messages that got no byte back: signature, form, subject, caller
    std::uint64_t passed = 0;       ///< admitted
    std::uint64_t filtered = 0;     ///< meant for other nodes
    std::uint64_t ttlexpired = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t denied = 0;
    std::uint64_t replies = 0;                      ///< sent
    std::map<std::string, std::uint64_t> outcomes;  ///< replies by outcome
};

}  // namespace hocket
