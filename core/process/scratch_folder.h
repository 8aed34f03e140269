#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/base/result.h"

namespace hocket::process {

/// A folder for the temporary files of one execution, which nobody else can enter.
///
/// Owns: nothing; who makes one removes it, with rm if something is in it, for that may take long.
class ScratchFolder {
public:
    /// At a path that must not be there yet, with mode 0700, for the user and group or for our own.
    /// Errors: io.
    static Result<ScratchFolder> make(std::filesystem::path path, std::optional<std::uint32_t> user,
                                      std::optional<std::uint32_t> group);

    const std::filesystem::path& path() const { return path_; }

    /// Removes it if nothing is in it, which takes no time. Returns whether it is gone.
    bool remove_if_empty() const;

private:
    explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}

    std::filesystem::path path_;
};

}  // namespace hocket::process
