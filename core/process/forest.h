#pragma once

#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/log.h"
#include "core/process/tree.h"
#include "core/process/walk.h"

namespace hocket::process {

/// The trees of all executions, and our orphans: processes that lost their parent and came to us, the subreaper. So
/// everything alive in a tree is below its leader or below one of our children, however it tried to get away.
///
/// An orphan's tree is known by its session, by HOCKET_EXECUTION_ID in its environment, by its cgroup, or because it was
/// seen below the tree before. Without all these it belongs to the one tree that is old enough and has a deadline. If several
/// are, it waits until one is left (a tree left in place counts); if none is, it is a stray and is killed.
/// Children of ours in our own session, or older than this object, are none of our business. As process 1 we only reap
/// orphans without marks.
///
/// Thread: io thread only. A call looks up and signals a bounded number of processes, which takes 10 ms at most; the
///         rest is left to the next call.
/// Owns:   the trees. Nobody else reaps orphans, and nobody else may wait for any child.
class Forest {
public:
    explicit Forest(Log& log);

    Tree& plant(Tree tree);

    /// TERM to every process of the tree.
    void terminate(Tree& tree);

    /// One pass: kills what is found. True when nothing was left but the leader's zombie; then its cgroup is empty.
    bool sweep(Tree& tree);

    /// As sweep(), without killing.
    bool is_gone(Tree& tree);

    /// The tree's descendants live on (orphans: keep). It is forgotten when the last has ended.
    void leave_in_place(Tree& tree);

    /// Only when it is gone.
    void remove(Tree& tree);

    /// Reaps orphans, kills strays, forgets trees left in place that have ended. Returns whether there is anything to
    /// come back for.
    bool tend();

    /// Whether the last census leaves nothing that tend() could do now: no orphan, and no tree that was left in place.
    bool is_tidy() const;

private:
    struct Orphan {
        Identity identity;
        bool foreign;
        Tree* tree;  ///< null: unknown
    };

    /// How many children one census looks up in /proc; each costs up to three files, 30 us.
    struct Budget {
        int for_new = 128;
        int for_unknown = 32;
    };

    void take_census();
    std::optional<Orphan> identify(pid_t child, Budget& budget);
    std::optional<Orphan> look_at(pid_t child);
    bool is_leader(pid_t child) const;
    Tree* marked_owner_of(const Identity& orphan, pid_t session);
    Tree* only_possible_owner_of(const Identity& orphan);
    bool may_belong_to_a_tree(const Identity& orphan) const;
    std::vector<pid_t> roots_of(const Tree& tree) const;
    void kill_strays();
    void forget_ended_trees();

    Log& log_;
    const pid_t own_pid_;
    const pid_t own_session_;
    const bool
        adopts_everybody_;  ///< as process 1 of a container; then an orphan without marks may be anybody's
    const bool knows_children_;
    OwnChildren own_children_;
    const std::uint64_t born_ticks_;
    std::list<Tree> trees_;            ///< the newest first
    std::map<pid_t, Orphan> orphans_;  ///< as of the last census

    /// All were read, nobody was left to the next, and nobody was reaped: who loses a parent while we read comes to us
    /// unread.
    bool census_is_conclusive_ = true;
};

}  // namespace hocket::process
