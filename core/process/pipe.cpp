#include "core/process/pipe.h"

#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace hocket::process {

namespace {

Error pipe_error() {
    return {ErrorCode::io,
            "cannot make a pipe for a child: " + errno_text() + "; if descriptors ran out, raise LimitNOFILE",
            {}};
}

}  // namespace

FileDescriptor above_the_childs(FileDescriptor descriptor) {
    if (!descriptor || descriptor.get() >= k_first_own_descriptor) return descriptor;
    return FileDescriptor(::fcntl(descriptor.get(), F_DUPFD_CLOEXEC, k_first_own_descriptor));
}

Result<Pipe> make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return pipe_error();
    Pipe pipe{above_the_childs(FileDescriptor(ends[0])), above_the_childs(FileDescriptor(ends[1]))};
    if (!pipe.reader || !pipe.writer) return pipe_error();
    return pipe;
}

Result<FileDescriptor> copy_for_child(int descriptor) {
    FileDescriptor copy(::fcntl(descriptor, F_DUPFD_CLOEXEC, k_first_own_descriptor));
    if (!copy) return pipe_error();
    return copy;
}

Result<void> set_nonblocking(const FileDescriptor& descriptor) {
    const int flags = ::fcntl(descriptor.get(), F_GETFL);
    if (flags < 0 || ::fcntl(descriptor.get(), F_SETFL, flags | O_NONBLOCK) != 0) return pipe_error();
    return {};
}

}  // namespace hocket::process
