#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace hocket::process {

/// A disk of this machine, and who orders what is read and written.
struct Disk {
    std::string name;       ///< "sda"
    std::string scheduler;  ///< "none", "mq-deadline", "bfq", …

    /// Whether the scheduler prefers some classes of I/O (ioprio_set(2)), and levels within a class, to others.
    bool knows_io_classes() const;
    bool knows_io_levels() const;
};

/// Those with a device behind them, by name. block: as /sys/block.
std::vector<Disk> read_disks(const std::filesystem::path& block);

}  // namespace hocket::process
