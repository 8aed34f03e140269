#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include "core/base/log.h"

namespace hocket::node {

/// The classes of this node, as a configuration management tool lists them in a file:
///
///     { line "\n" }    line = class | "#" comment | blanks        (blanks around a class are dropped)
///
/// Errors: a file that is missing or cannot be read means no classes, and one warning until that changes.
/// Thread: io thread only.
class Classes {
public:
    /// An empty path means that this node has no classes, without a warning. `log` outlives this object.
    Classes(std::filesystem::path file, Log& log);

    /// Valid until the next call. Costs a stat(2), and a read when the file has changed.
    const std::vector<std::string>& current();

private:
    /// Of one state of the file; all zero while there is none.
    struct Stamp {
        dev_t device = 0;
        ino_t inode = 0;
        off_t size = 0;
        std::int64_t modified_ns = 0;
        std::int64_t changed_ns = 0;

        bool operator==(const Stamp&) const = default;
    };

    static Stamp stamp_of(const std::filesystem::path& file);
    void reload();

    std::filesystem::path file_;
    Log& log_;
    bool has_read_ = false;
    Stamp stamp_;
    std::vector<std::string> classes_;
};

}  // namespace hocket::node
