#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "runner/node/host_names.h"

namespace hocket::node {

/// The name of this node in the fleet: the configured one, taken as it is; else the host's full name in lower
/// case. "localhost" is taken only when configured, since every machine has that name.
/// Errors: invalid_config, saying what to set.
Result<std::string> node_identity(std::string_view configured, const HostNames& host);

}  // namespace hocket::node
