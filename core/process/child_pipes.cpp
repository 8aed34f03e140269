#include "core/process/child_pipes.h"

#include <unistd.h>
#include <utility>
#include <vector>

#include "core/process/input.h"

namespace hocket::process {

namespace {

/// The user that the child will run as, if it is another one.
using Owner = std::optional<std::uint32_t>;

constexpr gid_t k_same_group = static_cast<gid_t>(-1);

Result<void> give_to(const Pipe& pipe, std::uint32_t owner) {
    // Both ends are one inode.
    if (::fchown(pipe.reader.get(), owner, k_same_group) == 0) return {};
    return Error{ErrorCode::io,
                 "cannot give a pipe to user " + std::to_string(owner) + ": " + errno_text() +
                     "; to run agents as other users hocketd must be root",
                 {}};
}

Result<Pipe> make_one(Owner owner) {
    Result<Pipe> pipe = make_pipe();
    if (!pipe || !owner) return pipe;
    if (Result<void> given = give_to(*pipe, *owner); !given) return given.error();
    return pipe;
}

Result<void> make_stdin(const Spec& spec, Owner owner, ChildPipes& pipes) {
    if (spec.standard_input == Stdin::file) {
        Result<FileDescriptor> file = make_input(spec.input);
        if (!file) return file.error();
        pipes.input = std::move(*file);
        return {};
    }
    Result<Pipe> pipe = make_one(owner);
    if (!pipe) return pipe.error();
    pipes.input = std::move(pipe->reader);
    pipes.input_writer = std::move(pipe->writer);
    return {};
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

Result<ChildPipes> make_child_pipes(const Spec& spec) {
    const Owner owner = spec.run_as ? Owner(spec.run_as->uid) : std::nullopt;
    ChildPipes pipes;
    if (Result<void> made = make_stdin(spec, owner, pipes); !made) return made.error();
    std::vector<Pipe*> wanted = {&pipes.output, &pipes.errors};
    if (spec.has_reply_channel && spec.reply_file.empty()) wanted.push_back(&pipes.reply);
    if (owner) wanted.push_back(&pipes.report);
    for (Pipe* pipe : wanted) {
        Result<Pipe> made = make_one(owner);
        if (!made) return made.error();
        *pipe = std::move(*made);
    }
    if (pipes.report.reader) {
        if (Result<void> set = set_nonblocking(pipes.report.reader); !set) return set.error();
    }
    return pipes;
}

}  // namespace hocket::process
