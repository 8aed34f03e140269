#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/file_stamp.h"

namespace hocket::execution {

/// By what one tells that a program is still the same: its file, and that of the interpreter which its first line names (of
/// `env NAME` the one that PATH leads to). Costs two calls of stat(2).
class ProgramStamp {
public:
    ProgramStamp(const std::filesystem::path& executable, const std::string& search_path);

    /// Whether neither file was replaced or written since.
    bool is_current() const;

private:
    struct File {
        std::string path;
        FileStamp stamp;
    };

    std::vector<File> files_;
};

}  // namespace hocket::execution
