#include "core/process/scratch_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"

namespace hocket::process {

namespace {

constexpr std::uint32_t k_as_it_is = static_cast<std::uint32_t>(-1);

Error cannot_make(const std::filesystem::path& path) {
    return {ErrorCode::io,
            "cannot make the folder '" + path.string() + "' for temporary files: " + errno_text() +
                "; look at [exec] tmp_folder",
            {}};
}

}  // namespace

Result<ScratchFolder> ScratchFolder::make(std::filesystem::path path, std::optional<std::uint32_t> user,
                                          std::optional<std::uint32_t> group) {
    if (::mkdir(path.c_str(), 0700) != 0) return cannot_make(path);
    ScratchFolder folder(std::move(path));
    const bool is_given = ::chmod(folder.path_.c_str(), 0700) == 0 &&
                          (!user || ::lchown(folder.path_.c_str(), *user, group.value_or(k_as_it_is)) == 0);
    if (is_given) return folder;
    const Error error = cannot_make(folder.path_);
    ::rmdir(folder.path_.c_str());
    return error;
}

bool ScratchFolder::remove_if_empty() const {
    return ::rmdir(path_.c_str()) == 0 || errno == ENOENT;
}

}  // namespace hocket::process
