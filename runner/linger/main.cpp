/// hocket-linger stays with an agent that outlives its hocketd, so that a stop or an upgrade of hocketd ends nothing:
///
///     hocket-linger PID DEADLINE_MS GRACE_MS end|keep [FOLDER]
///
///     descriptor 0, 1, 2   the reading ends of the agent's stdout, stderr and reply channel
///     descriptor 3         a pidfd of the agent, whose number (also that of its session) is PID
///     descriptor 4         if there is one: the agent's cgroup, locked. As long as we live no other hocketd ends it.
///
/// It reads and drops what the agent writes, for without a reader the agent would die of SIGPIPE. It is over when the
/// agent has exited and its outputs are at their end, or GRACE_MS after the exit. What is left in the cgroup is then
/// killed (end), or lives on (keep). When DEADLINE_MS pass before the exit, the agent's session and its cgroup get TERM,
/// and KILL when GRACE_MS have passed too. Last, FOLDER is removed, in which the agent had its temporary files. Exit codes:
/// 0, 64 usage.

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

constexpr int k_wrong_usage = 64;
constexpr int k_outputs = 3;
constexpr int k_agent = 3;
constexpr int k_cgroup = 4;
constexpr int k_max_members = 512;  // who comes after them is left to the cgroup
constexpr int k_look_interval_ms = 20;
constexpr int k_removal_attempts = 100;
constexpr int k_open_folders = 16;

long long now_ms() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1'000'000;
}

void pause_ms(long span) {
    const timespec pause = {0, span * 1'000'000};
    nanosleep(&pause, nullptr);
}

[[noreturn]] void refuse(const char* word) {
    dprintf(STDERR_FILENO,
            "usage: hocket-linger PID DEADLINE_MS GRACE_MS end|keep [FOLDER]; '%s' is none of these\n", word);
    std::exit(k_wrong_usage);
}

int read_number(const char* text) {
    char* end = nullptr;
    errno = 0;
    const long long number = std::strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0 || number > INT_MAX) refuse(text);
    return static_cast<int>(number);
}

bool is_over(int pidfd) {
    pollfd process{pidfd, POLLIN, 0};
    return poll(&process, 1, 0) != 0;
}

// ---- the cgroup ------------------------------------------------------------------------------------------------------

bool has_cgroup() {
    return faccessat(k_cgroup, "cgroup.kill", W_OK, 0) == 0;
}

void kill_cgroup() {
    const int file = openat(k_cgroup, "cgroup.kill", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    [[maybe_unused]] const ssize_t written = write(file, "1", 1);
    close(file);
}

int remove_folder(const char* path, const struct stat*, int kind, FTW*) {
    if (kind == FTW_DP) rmdir(path);
    return 0;
}

/// That of hocketd, once its last leaf is gone; the lock tells that no other hocketd has it.
void remove_parent(char* path) {
    *std::strrchr(path, '/') = '\0';
    const int parent = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent >= 0 && flock(parent, LOCK_EX | LOCK_NB) == 0) rmdir(path);
}

/// With the cgroups that the agent made below. Where a process lives on, nothing is removed.
void remove_cgroup() {
    char path[PATH_MAX];
    const ssize_t length = readlink("/proc/self/fd/4", path, sizeof path - 1);
    if (length <= 0) return;
    path[length] = '\0';
    for (int attempt = 0; attempt < k_removal_attempts && access(path, F_OK) == 0; ++attempt) {
        if (attempt > 0) pause_ms(k_look_interval_ms);  // who was killed takes a moment
        nftw(path, remove_folder, k_open_folders, FTW_DEPTH | FTW_PHYS);
    }
    remove_parent(path);
}

// ---- the processes ---------------------------------------------------------------------------------------------------

/// Processes of the agent, each by a pidfd, so that none is taken for another when its number is given away.
class Members {
public:
    /// The agent's session, as long as the agent runs (its number is nobody else's until then), and its cgroup.
    void look(pid_t agent) {
        if (!::is_over(k_agent)) add_session(agent);
        if (has_cgroup()) add_cgroup();
    }

    void send(int signal) const {
        for (int index = 0; index < count_; ++index)
            syscall(SYS_pidfd_send_signal, pidfds_[index], signal, nullptr, 0);
    }

    bool are_gone() const {
        return std::all_of(pidfds_, pidfds_ + count_, [](int pidfd) { return ::is_over(pidfd); });
    }

private:
    void add(pid_t pid) {
        if (count_ == k_max_members) return;
        const long pidfd = syscall(SYS_pidfd_open, pid, 0);
        if (pidfd >= 0) pidfds_[count_++] = static_cast<int>(pidfd);
    }

    void add_session(pid_t agent) {
        DIR* const processes = opendir("/proc");
        if (processes == nullptr) return;
        while (const dirent* entry = readdir(processes)) {
            const pid_t pid = static_cast<pid_t>(std::atoi(entry->d_name));
            if (pid > 0 && session_of(pid) == agent) add(pid);
        }
        closedir(processes);
    }

    static pid_t session_of(pid_t pid) { return static_cast<pid_t>(syscall(SYS_getsid, pid)); }

    void add_cgroup() {
        const int file = openat(k_cgroup, "cgroup.procs", O_RDONLY | O_CLOEXEC);
        FILE* const lines = file < 0 ? nullptr : fdopen(file, "r");
        if (lines == nullptr) return;
        int pid = 0;
        while (std::fscanf(lines, "%d", &pid) == 1)
            add(pid);
        std::fclose(lines);
    }

    int pidfds_[k_max_members] = {};
    int count_ = 0;
};

/// The outputs that are still open, and the agent as long as it runs.
class Watched {
public:
    bool has_agent_exited() const { return watched_[k_agent].fd < 0; }
    bool are_outputs_ended() const {
        return std::all_of(watched_, watched_ + k_outputs, [](const pollfd& each) { return each.fd < 0; });
    }

    void wait(long long until_ms) {
        const long long span = std::clamp(until_ms - now_ms(), 0LL, static_cast<long long>(INT_MAX));
        if (poll(watched_, k_outputs + 1, static_cast<int>(span)) <= 0) return;
        for (int number = 0; number < k_outputs; ++number) {
            if (watched_[number].revents != 0 && !drop(number)) watched_[number].fd = -1;
        }
        if (watched_[k_agent].revents != 0) watched_[k_agent].fd = -1;
    }

private:
    /// False at the end of the output.
    static bool drop(int number) {
        static char buffer[65536];
        const ssize_t count = read(number, buffer, sizeof buffer);
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
    }

    pollfd watched_[k_outputs + 1] = {{0, POLLIN, 0}, {1, POLLIN, 0}, {2, POLLIN, 0}, {k_agent, POLLIN, 0}};
};

/// TERM, the grace, KILL. The agent's own death does not end the grace of the others.
void end(pid_t agent, Watched& watched, int grace_ms) {
    static Members members;
    members.look(agent);
    members.send(SIGTERM);
    members.send(SIGCONT);  // who is stopped could not obey
    const long long until_ms = now_ms() + grace_ms;
    while (now_ms() < until_ms && !members.are_gone())
        watched.wait(std::min(until_ms, now_ms() + k_look_interval_ms));
    members.look(agent);
    members.send(SIGKILL);
    if (has_cgroup()) kill_cgroup();
}

void stay_with(pid_t agent, int deadline_ms, int grace_ms, bool keeps) {
    Watched watched;
    const long long deadline = now_ms() + deadline_ms;
    while (!watched.has_agent_exited() && now_ms() < deadline)
        watched.wait(deadline);
    if (!watched.has_agent_exited()) return end(agent, watched, grace_ms);
    const long long until_ms = now_ms() + grace_ms;
    while (!watched.are_outputs_ended() && now_ms() < until_ms)
        watched.wait(until_ms);
    if (!keeps && has_cgroup()) kill_cgroup();
}

}  // namespace

int main(int count, char** words) {
    if (count != 5 && count != 6) refuse("");
    const bool keeps = std::strcmp(words[4], "keep") == 0;
    if (!keeps && std::strcmp(words[4], "end") != 0) refuse(words[4]);
    const bool had_cgroup = has_cgroup();
    stay_with(read_number(words[1]), read_number(words[2]), read_number(words[3]), keeps);
    if (had_cgroup) remove_cgroup();
    if (count == 6) execl("/bin/rm", "rm", "-rf", "--one-file-system", "--", words[5], nullptr);
}
