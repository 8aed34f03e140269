#pragma once

#include <cstddef>
#include <cstdint>

namespace hocket::ddl {

/// Both ends are allowed.
struct Range {
    std::int64_t minimum;
    std::int64_t maximum;
};

inline constexpr std::size_t k_max_source_bytes = 1U << 20U;

/// What one source may cost: a node's limits by default.
struct TreeLimits {
    std::size_t max_bytes = k_max_source_bytes;
    std::size_t max_values = 50'000;  ///< aliases counted as copies
};

inline constexpr std::size_t k_max_depth = 32;

inline constexpr Range k_timeout_range = {1, 86'400};  ///< seconds; no request may take longer
inline constexpr Range k_grace_range = {0, 3'600};     ///< seconds
inline constexpr Range k_ttl_range = {0, 86'400};      ///< seconds
inline constexpr Range k_max_parallel_range = {1, 10'000};
inline constexpr Range k_in_flight_range = {1, 1'000};
inline constexpr Range k_processes_range = {1, 1'000};
inline constexpr Range k_requests_range = {1, 1'000'000'000};
inline constexpr Range k_idle_range = {1, 2'592'000};                      ///< seconds
inline constexpr Range k_memory_range = {1 << 20, std::int64_t{1} << 40};  ///< bytes
inline constexpr Range k_standby_range = {0, 64};
inline constexpr Range k_max_output_range = {1, std::int64_t{1} << 32};  ///< bytes

}  // namespace hocket::ddl
