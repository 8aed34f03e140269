#pragma once

#include <string>
#include <vector>

#include "client/cli/console.h"

namespace hocket::cli {

/// Asks a person whether a destructive action may run on these nodes: yes or no for a few, their number for many, so that nobody
/// agrees to more than he thinks of.
/// Errors: usage, when there is nobody to ask; interrupted, when the answer is anything but that.
Result<void> consent_to(const std::string& call, bool has_noop, const std::vector<std::string>& nodes,
                        const Console& console);

}  // namespace hocket::cli
