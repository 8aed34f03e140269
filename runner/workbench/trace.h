#pragma once

#include <string>

#include "core/base/json.h"
#include "core/ddl/model.h"
#include "runner/workbench/tracer.h"

namespace hocket::workbench {

/// What went into an agent's process and what came out: command, environment, stdin, limits, channels, end. Of an action
/// with sensitive fields only sizes are shown of what may hold them.
std::string trace_text(const Trace& trace, const ddl::Action* action);
Json trace_json(const Trace& trace, const ddl::Action* action);

}  // namespace hocket::workbench
