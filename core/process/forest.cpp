#include "core/process/forest.h"

#include <algorithm>
#include <csignal>
#include <unistd.h>
#include <utility>

#include "core/process/pidfd.h"

namespace hocket::process {

namespace {

void remember(std::set<Identity>& identities, const Member& member) {
    if (identities.size() < Tree::k_max_remembered) identities.insert(member.identity);
}

void kill_all(const std::vector<Member>& members) {
    for (const Member& member : members)
        send_signal(member.pidfd, SIGKILL);
}

}  // namespace

Forest::Forest(Log& log)
    : log_(log),
      own_pid_(::getpid()),
      own_session_(::getsid(0)),
      adopts_everybody_(own_pid_ == 1),
      knows_children_(process::knows_children()),
      born_ticks_(now_ticks()) {
    if (knows_children_) return;
    log_.warn(
        "without cgroups only the first process of an agent can be ended: this kernel tells no children",
        {{"missing", "CONFIG_PROC_CHILDREN"}});
}

Tree& Forest::plant(Tree tree) {
    return trees_.emplace_front(std::move(tree));
}

void Forest::terminate(Tree& tree) {
    take_census();
    for (const Member& member : walk(roots_of(tree), Freeze::no)) {
        remember(tree.seen, member);
        send_signal(member.pidfd, SIGTERM);
        send_signal(member.pidfd, SIGCONT);  // a stopped process could not obey
    }
}

bool Forest::sweep(Tree& tree) {
    if (is_gone(tree)) return true;
    const std::vector<Member> members = walk(roots_of(tree), Freeze::yes);
    if (tree.leaf) tree.leaf->kill();
    kill_all(members);
    for (const Member& member : members) {
        remember(tree.seen, member);
        if (!member.zombie && member.identity.pid != tree.leader_pid) remember(tree.killed, member);
    }
    return false;
}

bool Forest::is_gone(Tree& tree) {
    take_census();
    if (!census_is_conclusive_) take_census();  // what was reaped is out of the way now
    return tree.leader != Tree::Leader::runs && census_is_conclusive_ && roots_of(tree).empty() &&
           (!tree.leaf || tree.leaf->is_empty());
}

void Forest::leave_in_place(Tree& tree) {
    tree.left_in_place = true;
}

void Forest::remove(Tree& tree) {
    for (auto& [pid, orphan] : orphans_) {
        if (orphan.tree == &tree) orphan.tree = nullptr;
    }
    trees_.remove_if([&tree](const Tree& each) { return &each == &tree; });
}

bool Forest::tend() {
    take_census();
    kill_strays();
    forget_ended_trees();
    return !trees_.empty() || !is_tidy();
}

bool Forest::is_tidy() const {
    return census_is_conclusive_ &&
           std::ranges::all_of(orphans_, [](const auto& entry) { return entry.second.foreign; }) &&
           std::ranges::none_of(trees_, [](const Tree& tree) {
               return tree.left_in_place && tree.leader == Tree::Leader::reaped;
           });
}

/// Reads all our children; looks at those that are new, and again at those whose tree is unknown.
void Forest::take_census() {
    std::vector<pid_t> children;
    const bool is_read = own_children_.append_to(children) || !knows_children_;
    std::map<pid_t, Orphan> found;
    Budget budget;
    bool reaped = false;
    bool overlooked = false;
    for (const pid_t child : children) {
        if (is_leader(child)) continue;
        const std::optional<Orphan> orphan = identify(child, budget);
        overlooked = overlooked || (!orphan && !is_hidden(child));
        if (!orphan) continue;
        if (!orphan->foreign && reap_if_exited(child)) {
            reaped = true;
            continue;
        }
        found.emplace(child, *orphan);
    }
    census_is_conclusive_ = is_read && !overlooked && !reaped;
    orphans_ = std::move(found);
}

/// Nothing if it must wait for the next census: there were too many, or no descriptor was left to look at it with.
std::optional<Forest::Orphan> Forest::identify(pid_t child, Budget& budget) {
    const auto known = orphans_.find(child);
    if (known == orphans_.end()) return --budget.for_new >= 0 ? look_at(child) : std::nullopt;
    Orphan orphan = known->second;
    if (orphan.foreign || orphan.tree != nullptr) return orphan;
    // Its environment could not be read if it was in the middle of an exec.
    if (--budget.for_unknown >= 0) return look_at(child);
    orphan.tree = only_possible_owner_of(orphan.identity);
    return orphan;
}

std::optional<Forest::Orphan> Forest::look_at(pid_t child) {
    const std::optional<ProcessStatus> status = read_status(child);
    if (!status) return std::nullopt;
    Orphan orphan{{child, status->start_ticks}, false, nullptr};
    orphan.foreign = status->session == own_session_ || status->start_ticks < born_ticks_;
    if (orphan.foreign) return orphan;
    orphan.tree = marked_owner_of(orphan.identity, status->session);
    if (orphan.tree == nullptr) orphan.tree = only_possible_owner_of(orphan.identity);
    return orphan;
}

bool Forest::is_leader(pid_t child) const {
    return std::ranges::any_of(trees_, [child](const Tree& tree) {
        return tree.leader_pid == child && tree.leader != Tree::Leader::reaped;
    });
}

Tree* Forest::marked_owner_of(const Identity& orphan, pid_t session) {
    // Who leads a session that has a leader's number got that number after the leader was reaped.
    for (Tree& tree : trees_) {
        if (tree.leader_pid == session && orphan.pid != session) return &tree;
    }
    const std::optional<std::string> execution_id = environment_value(orphan.pid, "HOCKET_EXECUTION_ID");
    const std::string cgroup = cgroup_path(orphan.pid);
    for (Tree& tree : trees_) {
        if (execution_id == tree.execution_id) return &tree;
        if (tree.leaf && tree.leaf->holds(cgroup)) return &tree;
        if (tree.seen.contains(orphan)) return &tree;
    }
    return nullptr;
}

Tree* Forest::only_possible_owner_of(const Identity& orphan) {
    if (adopts_everybody_) return nullptr;
    Tree* only = nullptr;
    for (Tree& tree : trees_) {
        if (!tree.may_own(orphan)) continue;
        if (only != nullptr) return nullptr;
        only = &tree;
    }
    return only;
}

bool Forest::may_belong_to_a_tree(const Identity& orphan) const {
    return adopts_everybody_ ||
           std::ranges::any_of(trees_, [&orphan](const Tree& tree) { return tree.may_own(orphan); });
}

std::vector<pid_t> Forest::roots_of(const Tree& tree) const {
    std::vector<pid_t> roots;
    if (tree.leader == Tree::Leader::runs) roots.push_back(tree.leader_pid);
    for (const auto& [pid, orphan] : orphans_) {
        if (orphan.tree == &tree) roots.push_back(pid);
    }
    return roots;
}

void Forest::kill_strays() {
    std::vector<pid_t> strays;
    for (const auto& [pid, orphan] : orphans_) {
        if (!orphan.foreign && orphan.tree == nullptr && !may_belong_to_a_tree(orphan.identity))
            strays.push_back(pid);
    }
    if (strays.empty()) return;
    const std::vector<Member> members = walk(strays, Freeze::yes);
    kill_all(members);
    log_.warn("killed processes that an execution left behind", {{"processes", members.size()}});
}

void Forest::forget_ended_trees() {
    if (!census_is_conclusive_) return;
    std::erase_if(trees_, [this](Tree& tree) {
        return tree.left_in_place && tree.leader == Tree::Leader::reaped && roots_of(tree).empty() &&
               (!tree.leaf || tree.leaf->remove());
    });
}

}  // namespace hocket::process
