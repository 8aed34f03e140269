#include "core/process/child_pipes.h"

#include <unistd.h>
#include <utility>
#include <vector>

#include "core/process/input.h"

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

/// For a child to write into.
Result<Pipe> make_one(std::optional<std::uint32_t> owner) {
    Result<Pipe> pipe = make_pipe();
    if (!pipe) return pipe;
    if (Result<void> set = set_nonblocking(pipe->reader); !set) return set.error();
    if (!owner) return pipe;
    if (Result<void> given = give_to(*pipe, *owner); !given) return given.error();
    return pipe;
}

}  // namespace

std::array<int, 4> ChildPipes::descriptors() const {
    return {input.get(), output.writer.get(), errors.writer.get(), reply.writer.get()};
}

void ChildPipes::close_child_ends() {
    input.reset();
    for (Pipe* pipe : {&output, &errors, &reply, &report})
        pipe->writer.reset();
}

Result<ChildPipes> make_child_pipes(std::string_view input, bool has_reply,
                                    std::optional<std::uint32_t> owner) {
    Result<FileDescriptor> file = make_input(input);
    if (!file) return file.error();
    ChildPipes pipes;
    pipes.input = std::move(*file);
    std::vector<Pipe*> wanted = {&pipes.output, &pipes.errors};
    if (has_reply) wanted.push_back(&pipes.reply);
    if (owner) wanted.push_back(&pipes.report);
    for (Pipe* pipe : wanted) {
        Result<Pipe> made = make_one(owner);
        if (!made) return made.error();
        *pipe = std::move(*made);
    }
    return pipes;
}

}  // namespace hocket::process
