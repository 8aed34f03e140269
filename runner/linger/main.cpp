/// hocket-linger stays with an agent that outlives its hocketd, so that a stop or an upgrade of hocketd ends nothing:
///
///     hocket-linger PID DEADLINE_MS GRACE_MS
///
/// It reads and drops what the agent writes, for without a reader the agent would die of SIGPIPE, and it keeps the
/// agent's deadline. It is over when the agent has exited and its outputs are at their end.
///
///     descriptor 0, 1, 2   the reading ends of the agent's stdout, stderr and reply channel
///     descriptor 3         a pidfd of the agent, whose number (also that of its process group) is PID
///     descriptor 4         if there is one: the agent's cgroup, locked. As long as we live no other hocketd ends it.
///
/// When DEADLINE_MS have passed: TERM to the agent's process group, after GRACE_MS KILL to it and to all in the cgroup.
/// What the agent leaves behind in the cgroup when it exits has GRACE_MS to end. Exit codes: 0, 64 usage.

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace {

constexpr int k_wrong_usage = 64;
constexpr int k_outputs = 3;
constexpr int k_agent = 3;
constexpr int k_cgroup = 4;
constexpr long long k_patience_ms = 2000;  // for what does not end after KILL
constexpr int k_removal_attempts = 200;
constexpr int k_removal_pause_ms = 10;

long long now_ms() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1'000'000;
}

long long read_number(const char* text) {
    char* end = nullptr;
    errno = 0;
    const long long number = std::strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0 || number > INT_MAX) {
        dprintf(STDERR_FILENO, "hocket-linger: '%s' is no number\n", text);
        std::exit(k_wrong_usage);
    }
    return number;
}

class Agent {
public:
    explicit Agent(pid_t pid) : pid_(pid) {}

    /// Its number, and that of its group, is nobody else's as long as it runs.
    bool runs() const {
        pollfd agent{k_agent, POLLIN, 0};
        return poll(&agent, 1, 0) == 0;
    }

    void terminate() const {
        if (runs()) kill(-pid_, SIGTERM);
    }

    void end() const {
        if (runs()) kill(-pid_, SIGKILL);
        end_cgroup();
    }

    static bool has_cgroup() { return faccessat(k_cgroup, "cgroup.kill", W_OK, 0) == 0; }

    static void end_cgroup() {
        const int file = openat(k_cgroup, "cgroup.kill", O_WRONLY | O_CLOEXEC);
        if (file < 0) return;
        [[maybe_unused]] const ssize_t written = write(file, "1", 1);
        close(file);
    }

private:
    pid_t pid_;
};

/// The outputs that are still open, and the agent as long as it runs.
class Watched {
public:
    bool is_over() const {
        return std::all_of(watched_, watched_ + k_outputs + 1,
                           [](const pollfd& each) { return each.fd < 0; });
    }
    bool has_agent_exited() const { return watched_[k_agent].fd < 0; }

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

void stay_with(const Agent& agent, long long deadline_ms, long long grace_ms) {
    enum class Phase { running, terminating, killed } phase = Phase::running;
    long long until_ms = now_ms() + deadline_ms;
    Watched watched;
    while (!watched.is_over()) {
        watched.wait(until_ms);
        if (watched.has_agent_exited() && phase == Phase::running) {
            phase = Phase::terminating;
            until_ms = now_ms() + grace_ms;
        }
        if (now_ms() < until_ms) continue;
        switch (phase) {
            case Phase::running:
                agent.terminate();
                phase = Phase::terminating;
                until_ms = now_ms() + grace_ms;
                break;
            case Phase::terminating:
                agent.end();
                phase = Phase::killed;
                until_ms = now_ms() + k_patience_ms;
                break;
            case Phase::killed: return;  // who still writes gets SIGPIPE
        }
    }
}

/// The folder is hocketd's, which is gone, and so is its own once the last agent's is removed.
void remove_cgroup() {
    char path[PATH_MAX];
    const ssize_t length = readlink("/proc/self/fd/4", path, sizeof path - 1);
    if (length <= 0 || !Agent::has_cgroup()) return;
    path[length] = '\0';
    Agent::end_cgroup();
    const timespec pause = {0, k_removal_pause_ms * 1'000'000L};
    for (int attempt = 0; attempt < k_removal_attempts && rmdir(path) != 0; ++attempt) {
        if (errno == ENOENT) break;
        nanosleep(&pause, nullptr);
    }
    *std::strrchr(path, '/') = '\0';
    rmdir(path);
}

}  // namespace

int main(int count, char** words) {
    if (count != 4) {
        dprintf(STDERR_FILENO, "usage: hocket-linger PID DEADLINE_MS GRACE_MS\n");
        return k_wrong_usage;
    }
    const Agent agent(static_cast<pid_t>(read_number(words[1])));
    stay_with(agent, read_number(words[2]), read_number(words[3]));
    remove_cgroup();
}
