#pragma once

#include <cstdint>
#include <vector>

namespace hocket::workbench {

/// The smallest value that so many percent of a sorted list that is not empty do not exceed (nearest rank).
inline std::int64_t percentile(const std::vector<std::int64_t>& sorted, std::size_t percent) {
    const std::size_t rank = (sorted.size() * percent + 99) / 100;
    return sorted[rank == 0 ? 0 : rank - 1];
}

}  // namespace hocket::workbench
