#include "core/process/child_pipes.h"

#include <unistd.h>
#include <utility>

namespace hocket::process {

namespace {

constexpr gid_t k_same_group = static_cast<gid_t>(-1);

Result<void> give_to(const Pipe& pipe, std::uint32_t owner) {
    // Both ends are one inode.
    if (::fchown(pipe.reader.get(), owner, k_same_group) == 0) return {};
    return Error{ErrorCode::io,
                 "cannot give a pipe to user " + std::to_string(owner) + ": " + errno_text() +
                     "; to run agents as other users hocketd must be root",
                 {}};
}

Result<Pipe> make_one(std::optional<std::uint32_t> owner, FileDescriptor Pipe::* ours) {
    Result<Pipe> pipe = make_pipe();
    if (!pipe) return pipe;
    if (Result<void> set = set_nonblocking((*pipe).*ours); !set) return set.error();
    if (!owner) return pipe;
    if (Result<void> given = give_to(*pipe, *owner); !given) return given.error();
    return pipe;
}

}  // namespace

std::array<int, 4> ChildPipes::descriptors() const {
    return {input.reader.get(), output.writer.get(), errors.writer.get(), reply.writer.get()};
}

void ChildPipes::close_child_ends() {
    input.reader.reset();
    for (Pipe* pipe : {&output, &errors, &reply, &report})
        pipe->writer.reset();
}

Result<ChildPipes> make_child_pipes(std::optional<std::uint32_t> owner) {
    ChildPipes pipes;
    const auto make = [&owner](Pipe& pipe, FileDescriptor Pipe::* ours) -> Result<void> {
        Result<Pipe> made = make_one(owner, ours);
        if (!made) return made.error();
        pipe = std::move(*made);
        return {};
    };
    if (Result<void> made = make(pipes.input, &Pipe::writer); !made) return made.error();
    for (Pipe* pipe : {&pipes.output, &pipes.errors, &pipes.reply}) {
        if (Result<void> made = make(*pipe, &Pipe::reader); !made) return made.error();
    }
    if (!owner) return pipes;
    if (Result<void> made = make(pipes.report, &Pipe::reader); !made) return made.error();
    return pipes;
}

}  // namespace hocket::process
