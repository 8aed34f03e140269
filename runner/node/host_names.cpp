#include "runner/node/host_names.h"

#include <algorithm>
#include <vector>

#include "core/base/text.h"

namespace hocket::node {

namespace {

/// The name with a domain on the first line of /etc/hosts that also holds `hostname`, or nothing.
std::string full_name_in_hosts(const MachineFiles& files, const std::string& hostname) {
    for (const std::string& line : files.lines("etc/hosts")) {
        const std::vector<std::string> names = words(to_lower_ascii(line.substr(0, line.find('#'))));
        if (std::find(names.begin(), names.end(), hostname) == names.end()) continue;
        const auto full = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
            return name.starts_with(hostname + ".");
        });
        if (full != names.end()) return *full;
    }
    return {};
}

}  // namespace

HostNames read_host_names(const MachineFiles& files) {
    const std::string name = to_lower_ascii(files.text("proc/sys/kernel/hostname"));
    const std::size_t dot = name.find('.');
    if (name.empty() || dot != std::string::npos) return {name.substr(0, dot), name};
    const std::string full = full_name_in_hosts(files, name);
    return {name, full.empty() ? name : full};
}

}  // namespace hocket::node
