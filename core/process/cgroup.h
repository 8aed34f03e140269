#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file.h"

namespace hocket::process {

/// Limits of everything in one cgroup together. Each needs its controller, which systemd delegates with Delegate=yes.
struct CgroupLimits {
    std::optional<std::uint64_t> memory_bytes = {};  ///< without swap; over it, all of it is killed
    std::optional<int> cpu_percent = {};             ///< of one processor
    std::optional<std::uint64_t> tasks = {};         ///< processes and threads

    bool any() const { return memory_bytes || cpu_percent || tasks; }

    bool operator==(const CgroupLimits&) const = default;
};

/// Those that are set: "memory_bytes, tasks".
std::string names_of(const CgroupLimits& limits);

/// The cgroup of one execution: everything that it starts is in it, whatever session, environment or parent it takes.
///
/// Thread: io thread only.
/// Owns:   two descriptors. Destroying this object leaves the folder: give it back to where it comes from, or remove() it.
class CgroupLeaf {
public:
    enum class Contents { to_be_killed, may_be_kept };

    CgroupLeaf(std::filesystem::path path, std::string name, FileDescriptor folder,
               Contents contents = Contents::to_be_killed);

    /// False, with errno, if it could not be opened.
    bool is_open() const { return folder_ && events_; }

    /// The folder, for Launcher::launch().
    int folder() const { return folder_.get(); }

    /// Whether a process with this path in the version 2 hierarchy is in it, or in a cgroup below.
    bool holds(std::string_view cgroup_path) const;

    /// False when somebody else has removed it.
    bool is_there() const;

    /// As long as somebody holds the folder's descriptor, or one inherited from it, no other hocketd ends what is in it.
    void lock();

    /// As far as the controllers are there, see CgroupFolder::enable().
    void limit(const CgroupLimits& limits);

    /// Whether something in it was killed for CgroupLimits::memory_bytes.
    bool ran_out_of_memory() const;

    /// Kills everything in it and below it. It takes a moment until they are gone.
    void kill();

    /// Whether no process lives in it or below it; also when somebody has removed it.
    bool is_empty() const;

    /// Whether it is empty and holds nothing that its execution left behind (cgroups below it, a freeze), so that another may
    /// have it. Never of one that may_be_kept, nor after kill(): some kernels also kill whoever is cloned into it later.
    bool is_like_new() const;

    /// Removes the folder and those below. False as long as a process lives there.
    bool remove();

private:
    std::filesystem::path path_;
    std::string name_;  ///< "hocket-PID/run-N"
    FileDescriptor folder_;
    FileDescriptor events_;  ///< cgroup.events, which is read while a reply waits
    Contents contents_;
    bool was_killed_ = false;
};

/// The folder of this process in the cgroup v2 hierarchy, where each execution gets a leaf. It needs Linux 5.14 and the
/// right to write, no controllers. Layout below the base:
///
///     hocket-PID/run-N    an execution of the hocketd with that number; a lock on hocket-PID tells whether it lives, one
///                         on run-N that the execution goes on without it
///     hocket-PID/keep-N   an execution that may leave processes behind: never killed by another hocketd
///     hocketd             this process itself, if executions have limits and it was in the base
///
/// Thread: io thread only.
/// Owns:   the folder; destroying this object removes it if no execution is left. Limits of those that are end then, so that the
///         base can hold processes again: systemd puts the next hocketd there.
class CgroupFolder {
public:
    using Contents = CgroupLeaf::Contents;

    /// setting: "off", "auto" (this process's own cgroup, if it can be used) or the path of a base folder.
    /// What a hocketd that is gone has left behind in the base is ended.
    /// Errors: invalid_config, when a given folder cannot be used.
    static Result<std::optional<CgroupFolder>> open(std::string_view setting);

    CgroupFolder(CgroupFolder&&) = default;
    CgroupFolder& operator=(CgroupFolder&&) = delete;
    ~CgroupFolder();

    const std::filesystem::path& path() const { return path_; }

    /// Lets leaves have limits of the kinds that are set here, whatever their values. Where this process is itself in the base,
    /// as under systemd, it moves into a cgroup beside the executions', for none may hold processes and controlled children.
    /// Errors: io, naming what is not there or in the way.
    Result<void> enable(const CgroupLimits& kinds);

    /// Whether enable() may succeed, as far as can be seen without changing anything. Errors: io.
    Result<void> check_controllers(const CgroupLimits& kinds) const;

    /// Errors: io.
    Result<CgroupLeaf> make_leaf(Contents contents);

    /// Of an execution that has ended by itself. It is used again, which saves a tenth of what a bash agent takes: the kernel works long
    /// for a new one and for the end of an old one. Where executions have limits it is removed, for it counts what they used.
    void take_back(CgroupLeaf leaf);

    /// Makes the next leaf to_be_killed ahead of time if there is none, for a moment when nobody waits, such as after a launch.
    /// It fails silently, for then make_leaf() will tell.
    void prepare_leaf();

private:
    CgroupFolder(std::filesystem::path path, FileDescriptor lock);
    static Result<CgroupFolder> make(const std::filesystem::path& base);
    Result<CgroupLeaf> make_new_leaf(Contents contents);

    void disable();

    std::filesystem::path path_;
    FileDescriptor lock_;
    std::vector<std::string> enabled_;  ///< controllers
    unsigned long next_ = 0;
    std::vector<CgroupLeaf> spare_;  ///< to_be_killed; a few
};

}  // namespace hocket::process
