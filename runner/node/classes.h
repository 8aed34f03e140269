#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/file_stamp.h"
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
    void reload();

    std::filesystem::path file_;
    Log& log_;
    bool has_read_ = false;
    FileStamp stamp_{};
    std::vector<std::string> classes_;
};

}  // namespace hocket::node
