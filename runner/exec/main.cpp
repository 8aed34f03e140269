/// hocket-exec becomes a program as another user; ids are numbers, for names are the daemon's business:
///
///     hocket-exec --uid N --gid N [--groups A,B,C] [--error-fd N] [--no-new-privs]
///                 [--nofile N] [--nproc N] [--as BYTES] [--core BYTES] [--fsize BYTES] [--cpu SECONDS] [--parent PID]
///                 -- /path/program ARGUMENT…
///
/// A failure is told on stderr, and on the error descriptor as "STEP ERRNO\n". The program never gets that
/// descriptor, so its own exit code cannot be mistaken for ours: 64 usage, 126 all else.

// Headers of C alone, for musl (CMakeLists.txt).
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

constexpr int k_wrong_usage = 64;
constexpr int k_cannot_execute = 126;
constexpr unsigned long k_highest_id = 0xfffffffe;  // the one above means "leave as it is"
constexpr size_t k_max_groups = 1024;

struct Option {
    const char* name;
    unsigned long highest;
    int limit = -1;  ///< the resource, if it is a limit
    bool is_set = false;
    unsigned long value = 0;
};

Option options[] = {{"--uid", k_highest_id},
                    {"--gid", k_highest_id},
                    {"--error-fd", 1023},
                    {"--nofile", RLIM_INFINITY, RLIMIT_NOFILE},
                    {"--nproc", RLIM_INFINITY, RLIMIT_NPROC},
                    {"--as", RLIM_INFINITY, RLIMIT_AS},
                    {"--core", RLIM_INFINITY, RLIMIT_CORE},
                    {"--fsize", RLIM_INFINITY, RLIMIT_FSIZE},
                    {"--cpu", RLIM_INFINITY, RLIMIT_CPU},
                    {"--parent", INT_MAX}};
const Option& uid = options[0];
const Option& gid = options[1];
const Option& error_descriptor = options[2];
const Option& parent = options[9];
gid_t groups[k_max_groups];
size_t group_count = 0;
bool no_new_privileges = false;

[[noreturn]] void fail(const char* step, const char* subject, int number, int exit_code = k_cannot_execute) {
    dprintf(STDERR_FILENO, "hocket-exec: %s '%s': %s\n", step, subject, strerror(number));
    if (error_descriptor.is_set) dprintf(static_cast<int>(error_descriptor.value), "%s %d\n", step, number);
    _exit(exit_code);
}

[[noreturn]] void refuse(const char* word) {
    fail("usage", word, EINVAL, k_wrong_usage);
}

/// Leaves the text at its end or at the separator.
unsigned long read_number(char*& text, unsigned long highest, char separator = '\0') {
    char* end = text;
    errno = 0;
    const unsigned long number = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
    const bool complete = end != text && (*end == '\0' || *end == separator);
    if (!complete || errno != 0 || number > highest) refuse(text);
    text = end;
    return number;
}

void read_groups(char* list) {
    for (bool more = *list != '\0'; more; more = *list++ == ',') {
        if (group_count == k_max_groups) refuse("--groups");
        groups[group_count++] = static_cast<gid_t>(read_number(list, k_highest_id, ','));
    }
}

void read_option(const char* name, char* text) {
    if (strcmp(name, "--groups") == 0) return read_groups(text);
    for (Option& option : options) {
        if (strcmp(name, option.name) != 0) continue;
        option.value = read_number(text, option.highest);
        option.is_set = true;
        return;
    }
    refuse(name);
}

/// Returns the program and its arguments.
char** read_command_line(char** words) {
    for (++words; *words != nullptr && strcmp(*words, "--") != 0; ++words) {
        if (strcmp(*words, "--no-new-privs") == 0) {
            no_new_privileges = true;
            continue;
        }
        const char* const name = *words;
        if (*++words == nullptr) refuse(name);
        read_option(name, *words);
    }
    if (*words == nullptr || words[1] == nullptr) refuse("-- /path/program");
    if (!uid.is_set || !gid.is_set) refuse("--uid and --gid");
    return words + 1;
}

/// Giving up root gives up its capabilities; a daemon that is not root but may change ids would pass them on.
bool drop_capabilities() {
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    return prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
           syscall(SYS_capset, &header, none) == 0;
}

/// How many of the members have the value.
size_t count(const id_t* list, size_t size, id_t value) {
    size_t found = 0;
    for (const id_t* each = list; each != list + size; ++each)
        found += *each == value ? 1 : 0;
    return found;
}

/// Whether both hold the same, in whatever order.
bool are_groups(const gid_t* list, size_t size) {
    bool same = size == group_count;
    for (const gid_t* group = list; same && group != list + size; ++group)
        same = count(list, size, *group) == count(groups, group_count, *group);
    return same;
}

bool has_identity(uid_t user, gid_t group) {
    uid_t uids[3];
    gid_t gids[3];
    gid_t now[k_max_groups];
    return getresuid(&uids[0], &uids[1], &uids[2]) == 0 && getresgid(&gids[0], &gids[1], &gids[2]) == 0 &&
           count(uids, 3, user) == 3 && count(gids, 3, group) == 3 &&
           are_groups(now, static_cast<size_t>(getgroups(k_max_groups, now)));
}

bool can_regain(gid_t group) {
    return setresuid(0, 0, 0) == 0 || setgroups(0, nullptr) == 0 || (group != 0 && setresgid(0, 0, 0) == 0);
}

/// Who has become an orphan before would never be told.
bool dies_with(pid_t process) {
    return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == process;
}

/// SIGXCPU says why; SIGKILL, a second later, is for who does not heed it.
rlim_t hard_limit(const Option& option) {
    rlimit own = {};
    getrlimit(option.limit, &own);
    const bool has_grace = option.limit == RLIMIT_CPU && own.rlim_max > option.value;
    return option.value + (has_grace ? 1 : 0);
}

void change_identity(uid_t user, gid_t group, const char* program) {
    const auto require = [program](bool done, const char* step) {
        if (!done) fail(step, program, errno);
    };
    for (const Option& option : options) {
        if (!option.is_set || option.limit < 0) continue;
        const rlimit value = {option.value, hard_limit(option)};
        require(syscall(SYS_prlimit64, 0, option.limit, &value, nullptr) == 0, option.name);
    }
    require(setgroups(group_count, groups) == 0, "groups");
    require(setresgid(group, group, group) == 0, "gid");
    require(setresuid(user, user, user) == 0, "uid");
    require(user == 0 || drop_capabilities(), "capabilities");
    errno = EPERM;
    require(has_identity(user, group), "verify");
    require(user == 0 || !can_regain(group), "regain");
    require(!no_new_privileges || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
    require(!parent.is_set || dies_with(static_cast<pid_t>(parent.value)), "parent");
}

}  // namespace

int main(int, char** words) {
    char** const command = read_command_line(words);
    if (error_descriptor.is_set) fcntl(static_cast<int>(error_descriptor.value), F_SETFD, FD_CLOEXEC);
    change_identity(static_cast<uid_t>(uid.value), static_cast<gid_t>(gid.value), command[0]);
    execv(command[0], command);
    fail("execute", command[0], errno);
}
