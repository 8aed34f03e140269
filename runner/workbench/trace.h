#pragma once

#include <string>

#include "core/base/json.h"
#include "core/ddl/model.h"
#include "runner/workbench/commands.h"
#include "runner/workbench/tracer.h"

namespace hocket::workbench {

/// What went into an agent's process and what came out: command, environment, stdin, limits, channels, end. Of a call
/// that may hold secrets only sizes are shown of what may hold them, unless they are wanted.
std::string trace_text(const Trace& trace, const ddl::Action* action,
                       Sensitive sensitive = Sensitive::hidden);
Json trace_json(const Trace& trace, const ddl::Action* action, Sensitive sensitive = Sensitive::hidden);

/// Whether a call may hold something sensitive: fields of the action (null: nobody knows them). Every Bolt task has the output
/// `_sensitive`, so of that one the reply decides.
bool is_secret(const Trace& trace, const ddl::Action* action);

}  // namespace hocket::workbench
