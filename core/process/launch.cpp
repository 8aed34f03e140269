#include "core/process/launch.h"

#include <algorithm>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

#include "core/base/text.h"
#include "core/process/clone.h"
#include "core/process/launch_error.h"
#include "core/process/pidfd.h"
#include "core/process/pipe.h"

namespace hocket::process {

namespace {

constexpr rlim_t k_usual_open_files = 1024;

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const std::string& text : texts)
        pointers.push_back(const_cast<char*>(text.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

bool holds_nul(const std::string& text) {
    return text.find('\0') != std::string::npos;
}

bool can_be_passed(const LaunchRequest& request) {
    return !holds_nul(request.executable) && !holds_nul(request.working_directory) &&
           std::ranges::none_of(request.argv, holds_nul) &&
           std::ranges::none_of(request.environment, holds_nul);
}

Limit usual_open_files() {
    Limit limit{RLIMIT_NOFILE, {}};
    ::getrlimit(RLIMIT_NOFILE, &limit.value);
    limit.value.rlim_cur = std::min(limit.value.rlim_cur, k_usual_open_files);
    return limit;
}

/// SIGXCPU says why; SIGKILL is for who does not heed it.
Limit processor_time(std::uint64_t seconds) {
    rlimit own{};
    ::getrlimit(RLIMIT_CPU, &own);
    const std::uint64_t grace = own.rlim_max > seconds ? 1 : 0;
    return {RLIMIT_CPU, {seconds, seconds + grace}};
}

std::vector<Limit> limits_of(const ResourceLimits& wanted) {
    std::vector<Limit> limits;
    const auto set = [&limits](int resource, std::optional<std::uint64_t> value) {
        if (value) limits.push_back({resource, {*value, *value}});
    };
    if (!wanted.open_files) limits.push_back(usual_open_files());
    set(RLIMIT_NOFILE, wanted.open_files);
    set(RLIMIT_NPROC, wanted.processes);
    set(RLIMIT_AS, wanted.address_space_bytes);
    set(RLIMIT_CORE, wanted.core_bytes);
    set(RLIMIT_FSIZE, wanted.file_bytes);
    if (wanted.cpu_seconds) limits.push_back(processor_time(*wanted.cpu_seconds));
    return limits;
}

int io_priority_of(const ChildTraits& traits) {
    constexpr int class_shift = 13;
    if (!traits.io_class) return 0;
    const int level = *traits.io_class == IoClass::idle ? 0 : traits.io_level;
    return static_cast<int>(*traits.io_class) << class_shift | level;
}

/// Points into its arguments.
ChildPlan plan_for(const LaunchRequest& request, const std::vector<char*>& argv,
                   const std::vector<char*>& environment, const std::vector<Limit>& limits) {
    ChildPlan plan{};
    plan.executable = request.executable.c_str();
    plan.argv = argv.data();
    plan.environment = environment.data();
    plan.working_directory = request.working_directory.c_str();
    std::ranges::copy(request.descriptors, plan.descriptors);
    plan.descriptors[k_error_descriptor] = request.error_descriptor;
    plan.limits = limits.data();
    plan.limit_count = limits.size();
    const ChildTraits& traits = request.traits;
    plan.umask = traits.umask;
    plan.nice = traits.nice ? &*traits.nice : nullptr;
    plan.io_priority = io_priority_of(traits);
    plan.no_new_privileges = traits.no_new_privileges;
    plan.parent = traits.dies_with_us ? ::getpid() : 0;
    plan.cgroup_procs = -1;
    return plan;
}

Error cannot_be_passed(const std::string& executable) {
    return {ErrorCode::crashed,
            "cannot execute '" + escape_text(executable) +
                "': an argument, a variable or a path holds U+0000, which no program can be given",
            {}};
}

Error no_process_left(const std::string& executable) {
    return {ErrorCode::io,
            "cannot start a process for '" + executable + "': " + errno_text() +
                "; look at the limits of processes and memory of hocketd",
            {}};
}

Cloned clone_child(ChildPlan& plan, int cgroup_folder) {
    const Table table = plan.table_end > 0 ? Table::shared : Table::copied;
    if (cgroup_folder < 0) return clone_sharing_memory(run_child, &plan, table);
    const Cloned cloned = clone_into_cgroup(run_child, &plan, table, cgroup_folder);
    if (cloned.pid >= 0) return cloned;
    // It enters by itself, before anything else, with our right to do so.
    const FileDescriptor procs(::openat(cgroup_folder, "cgroup.procs", O_WRONLY | O_CLOEXEC));
    if (!procs) return {-1, -1};
    plan.cgroup_procs = procs.get();
    return clone_sharing_memory(run_child, &plan, table);
}

/// A whole number of words: kernels before 5.18 make a wrong bitmap of anything else.
unsigned table_end_above(int descriptor) {
    constexpr unsigned word_bits = 64;
    return (static_cast<unsigned>(descriptor) / word_bits + 1) * word_bits;
}

bool copy_to(int target, int source) {
    return ::dup3(source, target, O_CLOEXEC) == target;
}

}  // namespace

Launcher::Launcher() : nothing_(above_the_childs(FileDescriptor(::open("/dev/null", O_RDWR | O_CLOEXEC)))) {
    for (FileDescriptor& landing : landings_)
        landing = FileDescriptor(::fcntl(nothing_.get(), F_DUPFD_CLOEXEC, k_first_own_descriptor));
}

bool Launcher::has_landings() const {
    return std::ranges::all_of(landings_, &FileDescriptor::operator bool);
}

/// All or nothing: then the child gets a copy of our table.
void Launcher::land(ChildPlan& plan) {
    ChildPlan landed = plan;
    for (std::size_t number = 0; number < landings_.size(); ++number) {
        const int landing = landings_[number].get();
        if (landing < 0) return;
        landed.table_end = std::max(landed.table_end, table_end_above(landing));
        if (plan.descriptors[number] < 0) continue;
        if (!copy_to(landing, plan.descriptors[number])) return;
        landed.descriptors[number] = landing;
    }
    plan = landed;
}

/// What stayed in one would never be closed.
void Launcher::leave_landings() {
    for (FileDescriptor& landing : landings_) {
        if (landing && !copy_to(landing.get(), nothing_.get())) landing.reset();
    }
}

Result<Launched> Launcher::launch(const LaunchRequest& request) {
    if (!can_be_passed(request)) return cannot_be_passed(request.executable);
    const std::vector<char*> argv = pointers_to(request.argv);
    const std::vector<char*> environment = pointers_to(request.environment);
    const std::vector<Limit> limits = limits_of(request.traits.limits);
    ChildPlan plan = plan_for(request, argv, environment, limits);

    land(plan);
    const Cloned cloned = clone_child(plan, request.cgroup_folder);
    leave_landings();
    if (cloned.pid < 0) return no_process_left(request.executable);
    Launched launched{cloned.pid, FileDescriptor(cloned.pidfd)};
    if (plan.failed_step == Step::none) return launched;
    reap_now(launched.pidfd);
    return launch_error(plan.failed_step, plan.failed_errno, request.executable, request.working_directory);
}

}  // namespace hocket::process
