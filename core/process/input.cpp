#include "core/process/input.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/process/pipe.h"

namespace hocket::process {

namespace {

constexpr int k_seals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;

/// Never to be executed, where the kernel knows that wish (6.3).
FileDescriptor make_file() {
    constexpr unsigned no_execution = 0x0008U;  // MFD_NOEXEC_SEAL, which older headers lack
    constexpr unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    const int file = ::memfd_create("hocket-stdin", flags | no_execution);
    if (file >= 0 || errno != EINVAL) return FileDescriptor(file);
    return FileDescriptor(::memfd_create("hocket-stdin", flags));
}

/// At its place, so that reading starts at the beginning.
bool write_all(const FileDescriptor& file, std::string_view bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const ssize_t count =
            ::pwrite(file.get(), bytes.data() + written, bytes.size() - written, static_cast<off_t>(written));
        if (count < 0 && errno != EINTR) return false;
        if (count > 0) written += static_cast<std::size_t>(count);
    }
    return true;
}

}  // namespace

Result<FileDescriptor> make_input(std::string_view bytes) {
    FileDescriptor file = above_the_childs(make_file());
    if (file && write_all(file, bytes) && ::fcntl(file.get(), F_ADD_SEALS, k_seals) == 0) return file;
    return Error{ErrorCode::io,
                 "cannot make the stdin of a child: " + errno_text() +
                     "; if descriptors or memory ran out, raise LimitNOFILE or MemoryMax of hocketd",
                 {}};
}

}  // namespace hocket::process
