#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/process/pipe.h"

namespace hocket::process {

/// What is between us and one child. Our ends of the pipes do not block, the child's do.
struct ChildPipes {
    FileDescriptor input;  ///< a file, see make_input(); the child's alone
    Pipe output;
    Pipe errors;
    Pipe reply;   ///< without a reply channel its descriptors are -1
    Pipe report;  ///< for hocket-exec; without it its descriptors are -1

    /// The child's ends of the first four, for the numbers 0 to 3.
    std::array<int, 4> descriptors() const;

    /// To be called once the child has its own copies, else no output would ever end.
    void close_child_ends();
};

/// input: all of stdin. has_reply: whether there is a reply channel.
/// owner: the user that the child will run as, if it is another one; only then is there a report, and he owns the pipes,
/// so that he can open /dev/stdout.
/// Errors: io.
Result<ChildPipes> make_child_pipes(std::string_view input, bool has_reply,
                                    std::optional<std::uint32_t> owner);

}  // namespace hocket::process
