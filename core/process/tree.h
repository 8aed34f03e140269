#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <sys/types.h>

#include "core/process/cgroup.h"
#include "core/process/proc.h"

namespace hocket::process {

/// The processes of one execution: the leader, what descends from it, and those of our orphans that belong to it.
struct Tree {
    enum class Leader { runs, zombie, reaped };

    pid_t leader_pid;          ///< and the number of its session
    std::string execution_id;  ///< the value of HOCKET_EXECUTION_ID in the leader's environment
    std::uint64_t born_ticks;  ///< no process of the tree started earlier
    std::optional<CgroupLeaf> leaf;
    bool stands = false;  ///< it runs for no certain time: it has no deadline
    Leader leader = Leader::runs;
    bool left_in_place = false;  ///< nobody ends it: its descendants, or a leader left to hocket-linger

    /// Of an orphan without marks. A tree that stands would keep each of them alive for as long as it lives itself.
    bool may_own(const Identity& orphan) const { return !stands && born_ticks <= orphan.start_ticks; }

    // Bounded: who comes after the first k_max_remembered is killed all the same.
    static constexpr std::size_t k_max_remembered = 4096;
    std::set<Identity> seen = {};    ///< found below the leader or an orphan, whatever marks they have
    std::set<Identity> killed = {};  ///< without the leader
};

}  // namespace hocket::process
