#include "core/process/linger.h"

#include <algorithm>

#include "core/process/pipe.h"

namespace hocket::process {

Result<void> linger_with(const LeftChild& child, const std::string& helper, Launcher& launcher) {
    const Result<FileDescriptor> pidfd = copy_for_child(child.pidfd);
    if (!pidfd) return pidfd.error();
    Result<FileDescriptor> folder = FileDescriptor();
    if (child.cgroup_folder >= 0) folder = copy_for_child(child.cgroup_folder);
    if (!folder) return folder.error();
    const auto deadline_ms = std::max(child.deadline_ms, std::chrono::milliseconds(0));
    std::vector<std::string> argv = {helper, std::to_string(child.pid), std::to_string(deadline_ms.count()),
                                     std::to_string(child.grace_ms.count()),
                                     child.orphans == Orphans::keep ? "keep" : "end"};
    if (!child.scratch_folder.empty()) argv.push_back(child.scratch_folder);
    const Result<Launched> launched = launcher.launch({
        .executable = helper,
        .argv = std::move(argv),
        .environment = {"HOCKET_EXECUTION_ID=" + child.execution_id},
        .working_directory = "/",
        .traits = {},
        .descriptors = {child.outputs[0], child.outputs[1], child.outputs[2], pidfd->get()},
        .error_descriptor = folder->get(),
    });
    if (!launched) return launched.error();
    return {};
}

}  // namespace hocket::process
