#pragma once

#include <array>

#include "core/process/pipe.h"
#include "core/process/spec.h"

namespace hocket::process {

/// What is between us and one child. Our ends of the pipes do not block, the child's do.
struct ChildPipes {
    FileDescriptor input;         ///< the child's end: a file (make_input()) or a pipe's reader
    FileDescriptor input_writer;  ///< of a pipe
    Pipe output;
    Pipe errors;
    Pipe reply;   ///< without a reply channel its descriptors are -1
    Pipe report;  ///< for hocket-exec; without it its descriptors are -1

    /// The child's ends of the first four, for the numbers 0 to 3.
    std::array<int, 4> descriptors() const;

    /// To be called once the child has its own copies, else no output would ever end.
    void close_child_ends();
};

/// As the specification wants them. A child that runs as another user has a report, and owns the pipes, so that it can open
/// /dev/stdout. Into a pipe as stdin nothing is written yet.
/// Errors: io.
Result<ChildPipes> make_child_pipes(const Spec& spec);

}  // namespace hocket::process
