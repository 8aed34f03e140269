#include "runner/state_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/text.h"

namespace hocket {

namespace {

Error in_use(const std::filesystem::path& folder, const std::filesystem::path& file) {
    const Result<std::string> holder = read_file(file, 64);
    return {ErrorCode::invalid_config,
            folder.string() + ": another hocketd (process " + escape_text(holder ? trim(*holder) : "?") +
                ") has this state_dir, and two would both run every request; stop it, or give this one an "
                "identity and a "
                "state_dir of its own",
            {}};
}

}  // namespace

Result<FileDescriptor> take_state_folder(const std::filesystem::path& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return Error{ErrorCode::io, folder.string() + ": cannot create: " + error.message(), {}};
    const std::filesystem::path file = folder / "hocketd.lock";
    FileDescriptor lock(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock) return Error{ErrorCode::io, file.string() + ": cannot open: " + errno_text(), {}};
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return in_use(folder, file);
    const std::string holder = std::to_string(::getpid()) + '\n';
    const bool is_told =
        ::ftruncate(lock.get(), 0) == 0 &&
        ::write(lock.get(), holder.data(), holder.size()) == static_cast<ssize_t>(holder.size());
    if (!is_told) return Error{ErrorCode::io, file.string() + ": cannot write: " + errno_text(), {}};
    return lock;
}

}  // namespace hocket
