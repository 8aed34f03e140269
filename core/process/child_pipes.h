#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/process/pipe.h"

namespace hocket::process {

/// The pipes between us and one child. Ours do not block, the child's do.
struct ChildPipes {
    Pipe input;
    Pipe output;
    Pipe errors;
    Pipe reply;
    Pipe report;  ///< for hocket-exec; without it its descriptors are -1

    /// The child's ends of the first four, for the numbers 0 to 3.
    std::array<int, 4> descriptors() const;

    /// To be called once the child has its own copies, else no output would ever end.
    void close_child_ends();
};

/// owner: the user that the child will run as, if it is another one; only then is there a report, and he owns the pipes,
/// so that he can open /dev/stdout.
/// Errors: io.
Result<ChildPipes> make_child_pipes(std::optional<std::uint32_t> owner);

}  // namespace hocket::process
