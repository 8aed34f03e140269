#pragma once

#include <optional>
#include <sys/types.h>

#include "core/base/file.h"

namespace hocket::process {

/// A pidfd stands for one process for ever, also when its number has long been given to another.
/// Empty if there is no such process, or no descriptor left.
FileDescriptor open_pidfd(pid_t pid);

/// Does nothing if the process has ended.
void send_signal(const FileDescriptor& pidfd, int signal);

/// Whether a child of ours is a zombie; it stays one.
bool has_exited(const FileDescriptor& child);

/// Waits for the end of a child of ours and forgets it. Its status as wait(2) gives it; nothing if somebody else took it.
std::optional<int> reap_now(const FileDescriptor& child);

/// Forgets a child of ours if it is a zombie. False if it still runs.
bool reap_if_exited(pid_t child);

}  // namespace hocket::process
