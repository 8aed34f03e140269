#include "client/cli/statistics.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "client/lib/aggregates.h"

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

}  // namespace

Statistics statistics_of(std::vector<microseconds> times) {
    if (times.empty()) return {};
    std::sort(times.begin(), times.end());
    const microseconds sum = std::accumulate(times.begin(), times.end(), microseconds(0));
    return {times.size(), times.front(),         sum / static_cast<std::int64_t>(times.size()),
            times.back(), percentile(times, 50), percentile(times, 95)};
}

std::string sparkline(const std::vector<std::size_t>& counts, bool utf8) {
    if (counts.empty()) return {};
    const std::size_t most = std::max<std::size_t>(*std::max_element(counts.begin(), counts.end()), 1);
    const auto& ticks = utf8 ? k_ticks : k_ascii_ticks;
    std::string line;
    for (const std::size_t count : counts)
        line += ticks[count * (ticks.size() - 1) / most];
    return line;
}

std::string sparkline(const std::vector<microseconds>& times, bool utf8) {
    if (times.size() < 2) return {};
    std::vector<double> values;
    for (const microseconds time : times)
        values.push_back(static_cast<double>(time.count()));
    return sparkline(client::histogram(values, k_buckets), utf8);
}

}  // namespace hocket::cli
