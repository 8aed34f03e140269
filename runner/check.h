#pragma once

#include <filesystem>
#include <ostream>

namespace hocket {

/// `hocketd check`: looks at everything that a start needs, and says of each thing whether it is good, and if it is not,
/// what to do. Changes nothing.
///
/// Returns the exit code: 0, 78 when something is wrong, 69 when only the broker cannot be reached.
int check_node(const std::filesystem::path& config_file, std::ostream& out);

}  // namespace hocket
