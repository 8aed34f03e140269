#include "core/process/walk.h"

#include <csignal>
#include <optional>
#include <unistd.h>
#include <utility>

#include "core/process/pidfd.h"

namespace hocket::process {

namespace {

// About 40 us each: a walk takes the io thread 5 ms at most.
constexpr std::size_t k_max_members = 128;

/// The pidfd comes first: if the number is still a child of that parent afterwards, then the pidfd means this child, or
/// one that has ended, whom no signal reaches.
std::optional<Member> hold(pid_t pid, pid_t parent) {
    FileDescriptor pidfd = open_pidfd(pid);
    if (!pidfd) return std::nullopt;
    const std::optional<ProcessStatus> status = read_status(pid);
    if (!status || (status->parent != parent && status->parent != ::getpid())) return std::nullopt;
    return Member{{pid, status->start_ticks}, status->state == 'Z', std::move(pidfd)};
}

}  // namespace

std::vector<Member> walk(std::span<const pid_t> children_of_ours, Freeze freeze) {
    struct Lead {
        pid_t pid;
        pid_t parent;
    };
    std::vector<Lead> leads;
    for (const pid_t child : children_of_ours)
        leads.push_back({child, ::getpid()});

    std::vector<Member> members;
    for (std::size_t next = 0; next < leads.size() && members.size() < k_max_members; ++next) {
        const Lead lead = leads[next];
        std::optional<Member> member = hold(lead.pid, lead.parent);
        if (!member) continue;
        if (freeze == Freeze::yes) send_signal(member->pidfd, SIGSTOP);
        std::vector<pid_t> children;
        append_children(lead.pid, children);
        for (const pid_t child : children)
            leads.push_back({child, lead.pid});
        members.push_back(std::move(*member));
    }
    return members;
}

}  // namespace hocket::process
