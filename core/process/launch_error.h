#pragma once

#include <string>

#include "core/base/error.h"
#include "core/process/child.h"

namespace hocket::process {

/// Why an executable could not be started, as far as errno, the file and its first line tell, and what to do.
/// Code: crashed.
Error execute_error(const std::string& executable, int error_number);

/// The same for every step on the way there.
Error launch_error(Step step, int error_number, const std::string& executable,
                   const std::string& working_directory);

}  // namespace hocket::process
