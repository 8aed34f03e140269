#include "core/process/disks.h"

#include <algorithm>
#include <cstdio>
#include <sys/utsname.h>
#include <utility>

#include "core/base/file.h"

namespace hocket::process {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_max_line_bytes = 4096;

/// Of "none [mq-deadline] bfq".
std::string chosen_in(const std::string& line) {
    const std::size_t open = line.find('[');
    const std::size_t close = line.find(']');
    if (open == std::string::npos || close == std::string::npos || close < open) return {};
    return line.substr(open + 1, close - open - 1);
}

bool is_linux_since(std::pair<int, int> wanted) {
    utsname system{};
    std::pair<int, int> version{0, 0};
    ::uname(&system);
    const bool is_read = std::sscanf(system.release, "%d.%d", &version.first, &version.second) == 2;
    return is_read && version >= wanted;
}

}  // namespace

bool Disk::knows_io_classes() const {
    return knows_io_levels() || (scheduler == "mq-deadline" && is_linux_since({5, 14}));
}

bool Disk::knows_io_levels() const {
    return scheduler == "bfq" || scheduler == "cfq";
}

std::vector<Disk> read_disks(const fs::path& block) {
    std::vector<Disk> disks;
    std::error_code error;
    for (fs::directory_iterator entry(block, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        const Result<std::string> line = read_file(entry->path() / "queue/scheduler", k_max_line_bytes);
        if (!line || !fs::exists(entry->path() / "device", ignored)) continue;
        const std::string scheduler = chosen_in(*line);
        if (!scheduler.empty()) disks.push_back({entry->path().filename().string(), scheduler});
    }
    std::ranges::sort(disks, {}, &Disk::name);
    return disks;
}

}  // namespace hocket::process
