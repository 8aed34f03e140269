#include "core/process/scratch_folder.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file.h"

namespace hocket::process {

namespace {

Error cannot_make(const std::filesystem::path& path) {
    return {ErrorCode::io,
            "cannot make '" + path.string() + "' for temporary files: " + errno_text() +
                "; look at [exec] tmp_folder",
            {}};
}

/// At most so much of a regular file; nothing: it cannot be read.
std::optional<std::string> read_up_to(int descriptor, std::size_t max_bytes) {
    std::string bytes;
    std::string piece(std::min<std::size_t>(max_bytes, 64U << 10U), '\0');
    while (bytes.size() < max_bytes) {
        const std::size_t wanted = std::min(piece.size(), max_bytes - bytes.size());
        const ssize_t count = ::read(descriptor, piece.data(), wanted);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::nullopt;
        if (count == 0) break;
        bytes.append(piece, 0, static_cast<std::size_t>(count));
    }
    return bytes;
}

}  // namespace

Result<ScratchFolder> ScratchFolder::make(std::filesystem::path path, const std::vector<ScratchFile>& files,
                                          const std::optional<RunAs>& user) {
    if (::mkdir(path.c_str(), 0700) != 0) return cannot_make(path);
    ScratchFolder folder(std::move(path), user);
    Result<void> made;
    if (!files.empty()) {
        folder.descriptor_ =
            FileDescriptor(::open(folder.path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!folder.descriptor_) made = cannot_make(folder.path_);
    }
    for (const ScratchFile& file : files) {
        if (made) made = folder.add(file);
    }
    // Last: who owns it could put something else in a file's place.
    if (made && (::chmod(folder.path_.c_str(), 0700) != 0 || !folder.is_given(folder.path_)))
        made = cannot_make(folder.path_);
    if (made) return Result<ScratchFolder>(std::move(folder));
    folder.remove_if_unused();
    return made.error();
}

ScratchFolder::ScratchFolder(std::filesystem::path path, const std::optional<RunAs>& user)
    : path_(std::move(path)), user_(user) {}

Result<void> ScratchFolder::add(const ScratchFile& file) {
    const std::filesystem::path path = path_ / file.name;
    if (Result<void> created = create_file(path, file.contents, 0600); !created) return created;
    files_.push_back(file.name);
    if (is_given(path)) return {};
    return cannot_make(path);
}

bool ScratchFolder::is_given(const std::filesystem::path& path) const {
    return !user_ || ::lchown(path.c_str(), user_->uid, user_->gid) == 0;
}

Result<std::string> ScratchFolder::read(const std::string& name, std::size_t max_bytes) const {
    const std::filesystem::path path = path_ / name;
    const auto error = [&path](const std::string& reason) {
        return Error{ErrorCode::io, "cannot read '" + path.string() + "': " + reason, {}};
    };
    const FileDescriptor file(
        ::openat(descriptor_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file) return error(errno_text());
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) return error(errno_text());
    if (!S_ISREG(status.st_mode)) return error("it is not a regular file any more");
    if (status.st_uid != (user_ ? user_->uid : ::geteuid())) return error("it belongs to another user now");
    std::optional<std::string> bytes = read_up_to(file.get(), max_bytes + 1);
    if (!bytes) return error(errno_text());
    return std::move(*bytes);
}

bool ScratchFolder::remove_if_unused() const {
    for (const std::string& file : files_)
        ::unlinkat(descriptor_.get(), file.c_str(), 0);
    return ::rmdir(path_.c_str()) == 0 || errno == ENOENT;
}

}  // namespace hocket::process
