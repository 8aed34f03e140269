#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/process/launch.h"

namespace hocket::process {

/// Another user to run as. Ids are never changed between clone and exec: a process of that user could then stop the
/// child, and with it our thread that waits for the exec. hocket-exec does it after an exec of its own.
struct RunAs {
    std::string helper;  ///< the path of hocket-exec
    std::uint32_t uid;
    std::uint32_t gid;
    std::vector<std::uint32_t> groups;  ///< supplementary
};

/// Turns a request into one that starts hocket-exec, which sets groups, ids, limits, no_new_privs and the
/// signal of our death, and executes the
/// wanted program with argv[0] = its path. What goes wrong there is written to descriptor 4 as "STEP ERRNO\n"; hocket-exec
/// closes it by executing the program.
LaunchRequest through_helper(LaunchRequest wanted, const RunAs& user);

/// What hocket-exec wrote to descriptor 4; nothing if that is empty: the program was executed.
/// Code: crashed.
std::optional<Error> helper_error(const std::string& report, const std::string& executable,
                                  const RunAs& user);

}  // namespace hocket::process
