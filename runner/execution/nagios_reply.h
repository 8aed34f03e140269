#pragma once

#include "runner/execution/performance_data.h"
#include "runner/execution/script_reply.h"

namespace hocket::execution {

/// Makes a reply of what a monitoring plugin left. Exit codes 0 to 3 are what it found out, so the outcome is ok; any other
/// one is `failed` with the kind AGENT/exit_CODE, as of a script. The outputs (core/ddl/plugin_action.h):
///
///     exitcode, status    0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN
///     text, details       the first line, and the others; of a plugin that printed nothing the last line of stderr
///     perfdata            an array of { label, value, unit, warning, critical, minimum, maximum }
///     others              the value of the measurement whose label is that name, see output_name_of()
class NagiosReply {
public:
    NagiosReply(const ddl::Agent& agent, const ddl::Action& action) : agent_(agent), action_(action) {}

    CheckedOutputs read(const Printed& printed) const;

private:
    Json outputs_of(const Printed& printed) const;

    const ddl::Agent& agent_;
    const ddl::Action& action_;
};

}  // namespace hocket::execution
