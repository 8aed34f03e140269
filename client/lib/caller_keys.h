#pragma once

#include <memory>

#include "client/lib/config.h"
#include "core/base/clock.h"
#include "core/wire/keys.h"

namespace hocket::client {

/// Reads what a configuration says about the caller's key. The clock must outlive it.
/// Errors: invalid_config (nothing is configured, or only a part), invalid_key.
Result<std::unique_ptr<wire::CallerKeys>> read_caller_keys(const KeyConfig& key, const Clock& clock);

}  // namespace hocket::client
