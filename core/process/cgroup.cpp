#include "core/process/cgroup.h"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/process/proc.h"

namespace hocket::process {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view k_folder_prefix = "hocket-";
constexpr std::string_view k_run_prefix = "run-";
constexpr std::string_view k_keep_prefix = "keep-";
constexpr const char* k_self = "hocketd";
constexpr std::size_t k_max_spare = 4;

Error unusable(const fs::path& base, const std::string& why) {
    return {ErrorCode::invalid_config, "cgroup '" + base.string() + "' cannot be used: " + why, {}};
}

Error cannot_make(const fs::path& leaf) {
    return {ErrorCode::io, "cannot make the cgroup '" + leaf.string() + "': " + errno_text(), {}};
}

FileDescriptor open_folder(const fs::path& path) {
    return FileDescriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
}

bool is_locked_by_me(const FileDescriptor& folder) {
    return ::flock(folder.get(), LOCK_EX | LOCK_NB) == 0;
}

/// Whether the path still names the folder that is open: another hocketd may have taken it for a leftover.
bool is_still_there(const fs::path& path, const FileDescriptor& folder) {
    struct stat by_path{};
    struct stat by_descriptor{};
    return ::stat(path.c_str(), &by_path) == 0 && ::fstat(folder.get(), &by_descriptor) == 0 &&
           by_path.st_ino == by_descriptor.st_ino;
}

/// False, with errno, when the kernel does not take it.
bool write_to(const FileDescriptor& folder, const char* file, const std::string& text) {
    const FileDescriptor target(::openat(folder.get(), file, O_WRONLY | O_CLOEXEC));
    return target && ::write(target.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool write_to(const fs::path& folder, const char* file, const std::string& text) {
    return write_to(open_folder(folder), file, text);
}

/// What cannot be written leaves the processes alive, and that is what callers look at.
void kill_all_in(const FileDescriptor& folder) {
    write_to(folder, "cgroup.kill", "1");
}

/// Empty if it cannot be read.
std::string read_beginning(const FileDescriptor& source) {
    std::array<char, 4096> buffer;
    const ssize_t count = ::pread(source.get(), buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

std::string read_from(const FileDescriptor& folder, const char* file) {
    return read_beginning(FileDescriptor(::openat(folder.get(), file, O_RDONLY | O_CLOEXEC)));
}

bool has_line(std::string_view text, std::string_view line) {
    const std::vector<std::string> lines = split(text, '\n');
    return std::ranges::find(lines, line) != lines.end();
}

std::vector<std::string> controllers_for(const CgroupLimits& kinds) {
    std::vector<std::string> names;
    if (kinds.memory_bytes) names.emplace_back("memory");
    if (kinds.cpu_percent) names.emplace_back("cpu");
    if (kinds.tasks) names.emplace_back("pids");
    return names;
}

Error cannot_limit(const fs::path& base, const std::string& why) {
    return {ErrorCode::io, "executions in the cgroup '" + base.string() + "' cannot be limited: " + why, {}};
}

std::vector<fs::path> folders_below(const fs::path& path) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->is_directory(error)) folders.push_back(entry->path());
    }
    return folders;
}

/// An execution with privileges may have made cgroups of its own below its leaf.
bool remove_with_those_below(const fs::path& path) {
    if (::rmdir(path.c_str()) == 0 || errno == ENOENT) return true;
    for (const fs::path& below : folders_below(path))
        remove_with_those_below(below);
    return ::rmdir(path.c_str()) == 0;
}

bool is_of_a_daemon(const fs::path& folder) {
    const std::string name = folder.filename();
    return name.starts_with(k_folder_prefix) &&
           name.find_first_not_of("0123456789", k_folder_prefix.size()) == std::string::npos;
}

/// Folders that still hold processes when it returns are removed at the next start.
void end_leftovers(const fs::path& folder) {
    for (const fs::path& leaf : folders_below(folder)) {
        const FileDescriptor opened = open_folder(leaf);
        if (!opened || !is_locked_by_me(opened)) continue;  // hocket-linger is with it
        if (leaf.filename().string().starts_with(k_run_prefix)) kill_all_in(opened);
        remove_with_those_below(leaf);
    }
}

void end_leftovers_of_the_dead(const fs::path& base) {
    for (const fs::path& folder : folders_below(base)) {
        if (!is_of_a_daemon(folder)) continue;
        const FileDescriptor opened = open_folder(folder);
        if (!opened || !is_locked_by_me(opened)) continue;
        end_leftovers(folder);
        ::rmdir(folder.c_str());
    }
}

/// A line of /proc/self/mountinfo: "ID PARENT MAJOR:MINOR ROOT MOUNT_POINT OPTIONS … - TYPE SOURCE OPTIONS".
struct Mount {
    std::string root;
    std::string point;
    std::string type;
};

Mount parse_mount(const std::string& line) {
    Mount mount;
    std::istringstream words(line);
    std::string skipped;
    words >> skipped >> skipped >> skipped >> mount.root >> mount.point;
    while (words >> skipped && skipped != "-")
        continue;
    words >> mount.type;
    return mount;
}

/// The folder of our own cgroup; empty if there is no such hierarchy or if it is mounted elsewhere.
fs::path own_cgroup() {
    const std::string own = cgroup_path(::getpid());
    if (own.empty()) return {};
    std::ifstream mounts("/proc/self/mountinfo");
    for (std::string line; std::getline(mounts, line);) {
        const Mount mount = parse_mount(line);
        if (mount.type != "cgroup2") continue;
        const bool below_root = mount.root != "/" && own.starts_with(mount.root);
        return fs::path(mount.point + (below_root ? own.substr(mount.root.size()) : own));
    }
    return {};
}

}  // namespace

std::string names_of(const CgroupLimits& limits) {
    std::vector<std::string> names;
    if (limits.memory_bytes) names.emplace_back("memory_bytes");
    if (limits.cpu_percent) names.emplace_back("cpu_percent");
    if (limits.tasks) names.emplace_back("tasks");
    return join(names, ", ");
}

CgroupLeaf::CgroupLeaf(fs::path path, std::string name, FileDescriptor folder, Contents contents)
    : path_(std::move(path)),
      name_(std::move(name)),
      folder_(std::move(folder)),
      events_(::openat(folder_.get(), "cgroup.events", O_RDONLY | O_CLOEXEC)),
      contents_(contents) {}

bool CgroupLeaf::holds(std::string_view cgroup_path) const {
    const std::string needle = "/" + name_;
    const std::size_t found = cgroup_path.find(needle);
    if (found == std::string_view::npos) return false;
    const std::string_view rest = cgroup_path.substr(found + needle.size());
    return rest.empty() || rest.front() == '/';
}

bool CgroupLeaf::is_there() const {
    return is_still_there(path_, folder_);
}

void CgroupLeaf::lock() {
    is_locked_by_me(folder_);
}

void CgroupLeaf::limit(const CgroupLimits& limits) {
    constexpr std::uint64_t period_us = 100'000;
    if (limits.memory_bytes) {
        write_to(folder_, "memory.max", std::to_string(*limits.memory_bytes));
        write_to(folder_, "memory.swap.max", "0");
        write_to(folder_, "memory.oom.group", "1");
    }
    if (limits.cpu_percent) {
        const std::uint64_t quota_us = period_us * static_cast<std::uint64_t>(*limits.cpu_percent) / 100;
        write_to(folder_, "cpu.max", std::to_string(quota_us) + ' ' + std::to_string(period_us));
    }
    if (limits.tasks) write_to(folder_, "pids.max", std::to_string(*limits.tasks));
}

bool CgroupLeaf::ran_out_of_memory() const {
    const std::string events = read_from(folder_, "memory.events");
    const std::size_t kills = events.find("oom_kill ");
    return kills != std::string::npos && events.compare(kills, 10, "oom_kill 0") != 0;
}

void CgroupLeaf::kill() {
    was_killed_ = true;
    kill_all_in(folder_);
}

bool CgroupLeaf::is_empty() const {
    const std::string events = read_beginning(events_);
    return events.empty() ? !is_there() : has_line(events, "populated 0");
}

bool CgroupLeaf::is_like_new() const {
    constexpr nlink_t links_without_folders = 2;
    const std::string events = read_beginning(events_);
    struct stat status{};
    return contents_ == Contents::to_be_killed && !was_killed_ && has_line(events, "populated 0") &&
           has_line(events, "frozen 0") && ::fstat(folder_.get(), &status) == 0 &&
           status.st_nlink == links_without_folders;
}

bool CgroupLeaf::remove() {
    return remove_with_those_below(path_);
}

CgroupFolder::CgroupFolder(fs::path path, FileDescriptor lock)
    : path_(std::move(path)), lock_(std::move(lock)) {}

CgroupFolder::~CgroupFolder() {
    for (CgroupLeaf& leaf : spare_)
        leaf.remove();
    if (!lock_) return;
    disable();
    ::rmdir(path_.c_str());
}

Result<std::optional<CgroupFolder>> CgroupFolder::open(std::string_view setting) {
    if (setting == "off") return std::optional<CgroupFolder>();
    const bool automatic = setting == "auto";
    const fs::path base = automatic ? own_cgroup() : fs::path(setting);
    if (base.empty()) return std::optional<CgroupFolder>();
    Result<CgroupFolder> folder = make(base);
    if (folder) return std::optional<CgroupFolder>(std::move(*folder));
    if (automatic) return std::optional<CgroupFolder>();
    return folder.error();
}

Result<CgroupFolder> CgroupFolder::make(const fs::path& base) {
    if (::access((base / "cgroup.procs").c_str(), W_OK) != 0) {
        return unusable(base,
                        errno_text() + "; name a cgroup v2 folder that hocketd may write to (Delegate=yes)");
    }
    end_leftovers_of_the_dead(base);
    const fs::path path = base / (std::string(k_folder_prefix) + std::to_string(::getpid()));
    if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return unusable(base, errno_text());
    FileDescriptor lock = open_folder(path);
    if (!lock) return unusable(base, errno_text());
    if (!is_locked_by_me(lock) || !is_still_there(path, lock)) {
        return unusable(base, "'" + path.filename().string() + "' there belongs to another hocketd");
    }
    CgroupFolder folder(path, std::move(lock));
    if (::faccessat(folder.lock_.get(), "cgroup.kill", W_OK, 0) != 0) {
        return unusable(base, "it has no cgroup.kill, which needs Linux 5.14");
    }
    return folder;
}

Result<void> CgroupFolder::check_controllers(const CgroupLimits& kinds) const {
    const fs::path base = path_.parent_path();
    const std::vector<std::string> there =
        split(trim(read_from(open_folder(base), "cgroup.controllers")), ' ');
    std::vector<std::string> missing = controllers_for(kinds);
    std::erase_if(missing,
                  [&](const std::string& name) { return std::ranges::find(there, name) != there.end(); });
    if (missing.empty()) return {};
    const std::string noun = missing.size() == 1 ? "controller " : "controllers ";
    return cannot_limit(base, "it has no " + noun + join(missing, ", ") +
                                  ", so these do not hold: " + names_of(kinds) +
                                  "; delegate what is missing (systemd: Delegate=yes), and see that the "
                                  "system does not use it in cgroup version 1");
}

Result<void> CgroupFolder::enable(const CgroupLimits& kinds) {
    if (!kinds.any()) return {};
    if (Result<void> there = check_controllers(kinds); !there) return there;
    const fs::path base = path_.parent_path();
    std::string change;
    for (const std::string& name : controllers_for(kinds))
        change += (change.empty() ? "+" : " +") + name;
    constexpr const char* control = "cgroup.subtree_control";
    bool is_enabled = write_to(base, control, change);
    if (!is_enabled && errno == EBUSY && own_cgroup() == base) {
        const fs::path self = base / k_self;
        if (::mkdir(self.c_str(), 0755) != 0 && errno != EEXIST) return cannot_limit(base, errno_text());
        if (!write_to(self, "cgroup.procs", "0"))
            return cannot_limit(base, "hocketd cannot leave it: " + errno_text());
        is_enabled = write_to(base, control, change);
    }
    if (!is_enabled) {
        const bool is_busy = errno == EBUSY;
        return cannot_limit(base, errno_text() + (is_busy ? "; other processes are in it" : ""));
    }
    if (!write_to(lock_, control, change)) return cannot_limit(path_, errno_text());
    enabled_ = controllers_for(kinds);
    return {};
}

/// From the leaves upwards. Another hocketd in the same base keeps its own in use, and then the base keeps it too.
void CgroupFolder::disable() {
    for (const std::string& name : enabled_) {
        write_to(lock_, "cgroup.subtree_control", "-" + name);
        write_to(path_.parent_path(), "cgroup.subtree_control", "-" + name);
    }
}

Result<CgroupLeaf> CgroupFolder::make_leaf(Contents contents) {
    while (contents == Contents::to_be_killed && !spare_.empty()) {
        CgroupLeaf leaf = std::move(spare_.back());
        spare_.pop_back();
        if (leaf.is_there()) return leaf;
    }
    return make_new_leaf(contents);
}

void CgroupFolder::take_back(CgroupLeaf leaf) {
    if (enabled_.empty() && spare_.size() < k_max_spare && leaf.is_like_new()) {
        spare_.push_back(std::move(leaf));
    } else {
        leaf.remove();
    }
}

void CgroupFolder::prepare_leaf() {
    if (!spare_.empty()) return;
    if (Result<CgroupLeaf> leaf = make_new_leaf(Contents::to_be_killed)) spare_.push_back(std::move(*leaf));
}

Result<CgroupLeaf> CgroupFolder::make_new_leaf(Contents contents) {
    const std::string_view prefix = contents == Contents::may_be_kept ? k_keep_prefix : k_run_prefix;
    for (;;) {
        const std::string name = std::string(prefix) + std::to_string(next_++);
        const fs::path path = path_ / name;
        // A kept leaf of an earlier hocketd with our number may still be there.
        const bool is_made = ::mkdir(path.c_str(), 0755) == 0;
        if (!is_made && errno == EEXIST) continue;
        if (!is_made) return cannot_make(path);
        CgroupLeaf leaf(path, path_.filename().string() + "/" + name, open_folder(path), contents);
        if (leaf.is_open()) return leaf;
        const Error error = cannot_make(path);
        ::rmdir(path.c_str());
        return error;
    }
}

}  // namespace hocket::process
