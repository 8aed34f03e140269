#pragma once

#include <span>
#include <sys/types.h>
#include <vector>

#include "core/base/file.h"
#include "core/process/proc.h"

namespace hocket::process {

/// A process that is held by its pidfd, so that a signal never reaches another one that got its number.
struct Member {
    Identity identity;
    bool zombie;  ///< its first thread has ended; others may still run
    FileDescriptor pidfd;
};

enum class Freeze { no, yes };

/// The children of ours that are given, and what descends from them; frozen, each is stopped before its children are
/// looked up, so that none is born unseen. Bounded: of a larger tree the rest is found by the next walk, for when a
/// parent is killed its children become ours.
std::vector<Member> walk(std::span<const pid_t> children_of_ours, Freeze freeze);

}  // namespace hocket::process
