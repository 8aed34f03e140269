#pragma once

#include "core/base/file.h"

namespace hocket::process {

/// A child's descriptors have the numbers 0 to 4. Ours that become one of them stay above, so that placing one never
/// overwrites another.
inline constexpr int k_first_own_descriptor = 5;

struct Pipe {
    FileDescriptor reader;
    FileDescriptor writer;
};

/// Both ends close on exec and are at least k_first_own_descriptor. Errors: io.
Result<Pipe> make_pipe();

/// The descriptor itself, or a copy with a number that a child does not use; invalid, with errno, if none is left.
FileDescriptor above_the_childs(FileDescriptor descriptor);

/// A copy of a descriptor of ours that may become one of a child's. Errors: io.
Result<FileDescriptor> copy_for_child(int descriptor);

/// For an end of ours that no Watch has; the child's end keeps blocking, as programs expect. Errors: io.
Result<void> set_nonblocking(const FileDescriptor& descriptor);

}  // namespace hocket::process
