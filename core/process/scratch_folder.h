#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/process/spec.h"

namespace hocket::process {

/// A folder for the temporary files of one execution, which nobody else can enter. Its user may put another one, or a link, in its
/// place: our own files are reached by a descriptor of it and not by its path.
///
/// Owns: nothing; who makes one removes it, with rm if something is in it, for that may take long.
class ScratchFolder {
public:
    /// At a path that must not be there yet, with mode 0700, and with these files in it, of mode 0600. All of it is for the
    /// user and group, or for our own. Errors: io.
    static Result<ScratchFolder> make(std::filesystem::path path, const std::vector<ScratchFile>& files,
                                      const std::optional<RunAs>& user);

    const std::filesystem::path& path() const { return path_; }

    /// What is in a file of it by now, one byte more than the limit at most. The user may have done anything to it: only a
    /// file of his own is read, and neither a link nor a pipe.
    /// Errors: io.
    Result<std::string> read(const std::string& name, std::size_t max_bytes) const;

    /// Removes it if nothing was added to it, which takes no time. Returns whether it is gone.
    bool remove_if_unused() const;

private:
    ScratchFolder(std::filesystem::path path, const std::optional<RunAs>& user);

    Result<void> add(const ScratchFile& file);
    bool is_given(const std::filesystem::path& path) const;

    std::filesystem::path path_;
    std::optional<RunAs> user_;
    FileDescriptor descriptor_;  ///< if there are files
    std::vector<std::string> files_;
};

}  // namespace hocket::process
