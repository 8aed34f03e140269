#pragma once

#include "core/base/error.h"
#include "core/base/json.h"

namespace hocket {

/// What takes the place of a document of `--json` when a command failed before there was one.
Json error_json(const Error& error, int exit_code);

}  // namespace hocket
