#include "core/process/run_as.h"

#include <charconv>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/process/child.h"
#include "core/process/launch_error.h"

namespace hocket::process {

namespace {

void add_option(std::vector<std::string>& argv, std::string name, std::string value) {
    argv.push_back(std::move(name));
    argv.push_back(std::move(value));
}

void add_limit(std::vector<std::string>& argv, std::string name, std::optional<std::uint64_t> value) {
    if (value) add_option(argv, std::move(name), std::to_string(*value));
}

std::string joined(const std::vector<std::uint32_t>& groups) {
    std::vector<std::string> words;
    for (const std::uint32_t group : groups)
        words.push_back(std::to_string(group));
    return join(words, ",");
}

}  // namespace

LaunchRequest through_helper(LaunchRequest wanted, const RunAs& user) {
    std::vector<std::string> argv = {user.helper};
    add_option(argv, "--uid", std::to_string(user.uid));
    add_option(argv, "--gid", std::to_string(user.gid));
    add_option(argv, "--groups", joined(user.groups));
    add_option(argv, "--error-fd", std::to_string(k_error_descriptor));
    ChildTraits& traits = wanted.traits;
    add_limit(argv, "--nofile", traits.limits.open_files);
    add_limit(argv, "--nproc", traits.limits.processes);
    add_limit(argv, "--as", traits.limits.address_space_bytes);
    add_limit(argv, "--core", traits.limits.core_bytes);
    add_limit(argv, "--fsize", traits.limits.file_bytes);
    add_limit(argv, "--cpu", traits.limits.cpu_seconds);
    if (traits.dies_with_us) add_option(argv, "--parent", std::to_string(::getpid()));
    if (traits.no_new_privileges) argv.push_back("--no-new-privs");
    argv.push_back("--");
    argv.push_back(wanted.executable);
    for (std::size_t index = 1; index < wanted.argv.size(); ++index)
        argv.push_back(std::move(wanted.argv[index]));

    wanted.executable = user.helper;
    wanted.argv = std::move(argv);
    traits.limits = {};
    traits.limits.core_bytes.reset();
    traits.no_new_privileges = false;
    traits.dies_with_us = false;  // a change of ids would take it away
    return wanted;
}

std::optional<Error> helper_error(const std::string& report, const std::string& executable,
                                  const RunAs& user) {
    if (report.empty()) return std::nullopt;
    const std::size_t blank = report.find(' ');
    const std::string step = report.substr(0, blank);
    int number = 0;
    if (blank != std::string::npos)
        std::from_chars(report.data() + blank + 1, report.data() + report.size(), number);
    const std::string who = "as user " + std::to_string(user.uid);
    if (step == "execute") return execute_error(executable, number).within(who);
    return Error{ErrorCode::crashed,
                 "cannot execute '" + executable + "' " + who + ": " + user.helper + " failed at '" +
                     escape_text(step) + "': " + errno_text(number),
                 {}};
}

}  // namespace hocket::process
