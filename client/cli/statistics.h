#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace hocket::cli {

/// What is told of many times. All are 0 for none.
struct Statistics {
    std::size_t count = 0;
    std::chrono::microseconds min{0};
    std::chrono::microseconds average{0};
    std::chrono::microseconds max{0};
    std::chrono::microseconds p50{0};  ///< nearest rank: a time that was measured
    std::chrono::microseconds p95{0};
};

Statistics statistics_of(std::vector<std::chrono::microseconds> times);

/// One character for each count, the higher the larger; without UTF-8 in ASCII.
std::string sparkline(const std::vector<std::size_t>& counts, bool utf8);

/// How the times spread from the shortest to the longest, one character for each of at most 16 equal spans; without
/// UTF-8 in ASCII. Empty for fewer than two times.
std::string sparkline(const std::vector<std::chrono::microseconds>& times, bool utf8);

}  // namespace hocket::cli
