#include "client/cli/statistics.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

namespace hocket::cli {

namespace {

using std::chrono::microseconds;

constexpr std::size_t k_buckets = 16;
constexpr std::array<std::string_view, 8> k_ticks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> k_ascii_ticks = {"_", ".", ":", "-", "=", "+", "*", "#"};

microseconds percentile(const std::vector<microseconds>& sorted, std::size_t percent) {
    const std::size_t rank = (sorted.size() * percent + 99) / 100;
    return sorted[std::max<std::size_t>(rank, 1) - 1];
}

std::vector<std::size_t> buckets_of(const std::vector<microseconds>& times) {
    const auto [shortest, longest] = std::minmax_element(times.begin(), times.end());
    const std::int64_t span = std::max<std::int64_t>((*longest - *shortest).count(), 1);
    std::vector<std::size_t> counts(std::min(k_buckets, times.size()), 0);
    for (const microseconds time : times) {
        const auto place = static_cast<std::size_t>((time - *shortest).count()) * counts.size() /
                           static_cast<std::size_t>(span);
        ++counts[std::min(place, counts.size() - 1)];
    }
    return counts;
}

}  // namespace

Statistics statistics_of(std::vector<microseconds> times) {
    if (times.empty()) return {};
    std::sort(times.begin(), times.end());
    const microseconds sum = std::accumulate(times.begin(), times.end(), microseconds(0));
    return {times.size(), times.front(),         sum / static_cast<std::int64_t>(times.size()),
            times.back(), percentile(times, 50), percentile(times, 95)};
}

std::string sparkline(const std::vector<microseconds>& times, bool utf8) {
    if (times.size() < 2) return {};
    const std::vector<std::size_t> counts = buckets_of(times);
    const std::size_t most = *std::max_element(counts.begin(), counts.end());
    const auto& ticks = utf8 ? k_ticks : k_ascii_ticks;
    std::string line;
    for (const std::size_t count : counts)
        line += ticks[count * (ticks.size() - 1) / most];
    return line;
}

}  // namespace hocket::cli
