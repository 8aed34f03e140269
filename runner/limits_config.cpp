#include "runner/limits_config.h"

#include <charconv>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/process/disks.h"

namespace hocket {

namespace {

using config::TomlTable;

constexpr std::size_t k_most_bytes = std::size_t{1} << 50U;

template <class Number>
void read_optional(TomlTable& table, const char* key, std::optional<Number>& value, std::size_t minimum,
                   std::size_t maximum) {
    std::size_t read = minimum;
    table.read(key, read, minimum, maximum);
    if (table.has(key)) value = static_cast<Number>(read);
}

void read_umask(TomlTable& table, process::ChildTraits& traits) {
    constexpr int octal = 8;
    constexpr mode_t all = 0777;
    std::string text;
    table.read("umask", text);
    if (text.empty()) return;
    mode_t mask = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mask, octal);
    if (error != std::errc() || end != text.data() + text.size() || mask > all) {
        table.problem("umask", "is '" + text + "', it must be an octal number in quotes, such as \"027\"");
        return;
    }
    traits.umask = mask;
}

void read_priority(TomlTable& table, process::ChildTraits& traits) {
    int nice = 0;
    table.read("nice", nice, -20, 19);
    if (table.has("nice")) traits.nice = nice;
    std::string io_class;
    table.read("io_class", io_class);
    if (io_class == "best_effort") {
        traits.io_class = process::IoClass::best_effort;
    } else if (io_class == "idle") {
        traits.io_class = process::IoClass::idle;
    } else if (!io_class.empty()) {
        table.problem("io_class", "is '" + io_class + "', it must be best_effort or idle");
    }
    table.read("io_level", traits.io_level, 0, 7);
    if (table.has("io_level") && traits.io_class != process::IoClass::best_effort) {
        table.problem("io_level", "means something only with io_class = \"best_effort\"");
    }
}

std::string above_our_own(const char* key, std::optional<std::uint64_t> wanted, int resource) {
    rlimit own{};
    ::getrlimit(static_cast<__rlimit_resource>(resource), &own);
    if (!wanted || own.rlim_max == RLIM_INFINITY || *wanted <= own.rlim_max) return {};
    return std::string(key) + " is above hocketd's own limit of " + std::to_string(own.rlim_max) +
           ", which only root may pass: calls will answer `crashed`; raise it (systemd: Limit…=) or lower "
           "this";
}

/// Not even root passes this one.
std::string above_the_kernels(std::optional<std::uint64_t> wanted_files) {
    std::uint64_t most = 0;
    if (!wanted_files || !(std::ifstream("/proc/sys/fs/nr_open") >> most) || *wanted_files <= most) return {};
    return "open_files is above what the kernel lets a process have, " + std::to_string(most) +
           ": calls will answer `crashed`; raise it (sysctl fs.nr_open) or lower this";
}

/// The disks that do not do what is asked of them; empty: all do, or none is known.
std::string disks_without(bool (process::Disk::*knows)() const, const std::vector<process::Disk>& disks) {
    std::vector<std::string> names;
    for (const process::Disk& disk : disks) {
        if (!(disk.*knows)()) names.push_back(disk.name + " (" + disk.scheduler + ")");
    }
    return join(names, ", ");
}

std::string void_io_priority(const process::ChildTraits& traits, const std::vector<process::Disk>& disks) {
    if (!traits.io_class) return {};
    const std::string remedy = "; to change that, write bfq to /sys/block/DISK/queue/scheduler";
    const std::string classless = disks_without(&process::Disk::knows_io_classes, disks);
    if (!classless.empty()) {
        return "io_class does not hold on disks whose scheduler knows no priorities: " + classless + remedy;
    }
    const process::ChildTraits usual;
    const std::string flat = disks_without(&process::Disk::knows_io_levels, disks);
    if (flat.empty() || traits.io_level == usual.io_level) return {};
    return "io_level does not hold on disks whose scheduler knows classes alone: " + flat + remedy;
}

std::vector<std::string> unenforceable_in(const std::string& table, const agents::AgentSettings& settings,
                                          const std::vector<process::Disk>& disks) {
    const bool are_we_root = ::geteuid() == 0;
    const bool is_root = settings.run_as ? settings.run_as->uid == 0 : are_we_root;
    const process::ResourceLimits& limits = settings.traits.limits;
    std::vector<std::string> texts;
    const auto add = [&](const std::string& text) {
        if (!text.empty()) texts.push_back("[" + table + "] " + text);
    };
    if (limits.processes && is_root) {
        add("processes does not hold for root, as which it runs: set run_as_user, or `tasks` with a cgroup");
    }
    const int own_nice = ::getpriority(PRIO_PROCESS, 0);
    if (settings.traits.nice && *settings.traits.nice < own_nice && !are_we_root) {
        add("nice is below hocketd's own, " + std::to_string(own_nice) +
            ", which only root may do: calls will answer `crashed`");
    }
    add(void_io_priority(settings.traits, disks));
    if (are_we_root) {
        add(above_the_kernels(limits.open_files));
        return texts;
    }
    add(above_our_own("open_files", limits.open_files, RLIMIT_NOFILE));
    add(above_our_own("processes", limits.processes, RLIMIT_NPROC));
    add(above_our_own("address_space_bytes", limits.address_space_bytes, RLIMIT_AS));
    add(above_our_own("core_bytes", limits.core_bytes, RLIMIT_CORE));
    add(above_our_own("file_bytes", limits.file_bytes, RLIMIT_FSIZE));
    add(above_our_own("cpu_s", limits.cpu_seconds, RLIMIT_CPU));
    return texts;
}

}  // namespace

void read_agent_limits(TomlTable& table, agents::AgentSettings& settings) {
    process::ResourceLimits& limits = settings.traits.limits;
    read_optional(table, "open_files", limits.open_files, 4, 1U << 30U);
    read_optional(table, "processes", limits.processes, 1, 1U << 22U);
    read_optional(table, "address_space_bytes", limits.address_space_bytes, 1U << 20U, k_most_bytes);
    read_optional(table, "core_bytes", limits.core_bytes, 0, k_most_bytes);
    read_optional(table, "file_bytes", limits.file_bytes, 0, k_most_bytes);
    read_optional(table, "cpu_s", limits.cpu_seconds, 1, 1U << 30U);
    read_umask(table, settings.traits);
    read_priority(table, settings.traits);
    table.read("private_tmp", settings.has_private_tmp);
    read_optional(table, "memory_bytes", settings.cgroup_limits.memory_bytes, 1U << 20U, k_most_bytes);
    read_optional(table, "cpu_percent", settings.cgroup_limits.cpu_percent, 1, 100'000);
    read_optional(table, "tasks", settings.cgroup_limits.tasks, 1, 1U << 22U);
    table.finish();
}

process::CgroupLimits cgroup_kinds(const Plugins& plugins) {
    process::CgroupLimits kinds;
    const auto add = [&kinds](const process::CgroupLimits& own) {
        if (own.memory_bytes) kinds.memory_bytes = own.memory_bytes;
        if (own.cpu_percent) kinds.cpu_percent = own.cpu_percent;
        if (own.tasks) kinds.tasks = own.tasks;
    };
    for (const agents::AgentFolders& folders : plugins) {
        add(folders.defaults.cgroup_limits);
        for (const auto& [name, settings] : folders.settings)
            add(settings.cgroup_limits);
    }
    return kinds;
}

std::vector<std::string> unenforceable_limits(const Plugins& plugins, const std::filesystem::path& block) {
    const std::vector<process::Disk> disks = process::read_disks(block);
    std::vector<std::string> texts = unenforceable_in("exec.limits", plugins.front().get().defaults, disks);
    for (const agents::AgentFolders& folders : plugins) {
        for (const auto& [name, settings] : folders.settings) {
            const bool has_own = settings.traits != folders.defaults.traits || settings.run_as;
            if (!has_own) continue;
            const std::vector<std::string> own =
                unenforceable_in(agents::section_of(folders.role) + "." + name + ".limits", settings, disks);
            texts.insert(texts.end(), own.begin(), own.end());
        }
    }
    return texts;
}

}  // namespace hocket
