#pragma once

#include <string>
#include <vector>

#include "runner/workbench/workbench.h"

namespace hocket::workbench {

/// Why a call did not end with ok, whole and escaped: message, then status and kind where they say more. Several lines, if
/// the message has them.
std::string reason_text(const execution::AgentResult& result);

/// Takes out what the description calls sensitive, and outputs that it does not know. action: null if the agent has none of that
/// name.
void hide_sensitive(Answer& answer, const ddl::Action* action);

/// An answer for a terminal.
std::string answer_text(const Answer& answer, const ddl::Action* action, bool is_noop);

/// The document of `run --json`, without a trace.
Json answer_json(const Answer& answer);

/// "not declared as an output; did you mean 'used'?"; empty if it is declared.
std::string why_undeclared(const ddl::Action& action, const std::string& output);

/// Outputs that stand beside `data` in a reply of contract json or worker, where nobody reads them.
std::vector<std::string> outputs_beside_data(const ddl::Action& action, const Trace& trace);

}  // namespace hocket::workbench
