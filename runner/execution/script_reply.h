#pragma once

#include <string_view>

#include "core/ddl/model.h"
#include "runner/execution/agent_output.h"

namespace hocket::execution {

/// What a program of contract `script` left.
struct Printed {
    std::string_view output;
    std::string_view errors;
    int exit_code;
};

/// The last line of stderr, or of stdout when nothing is there, as it may be shown; empty, if the action has sensitive fields.
std::string last_line_of(const ddl::Action& action, const Printed& printed);

/// The reply of an exit code that means `failed`, without outputs: the kind AGENT/exit_CODE, and as message the last line of
/// stderr, or of stdout when that is empty.
AgentResult failed_by_exit_code(const ddl::Agent& agent, const ddl::Action& action, const Printed& printed);

/// Makes a reply of it (spec/agent.md, scripts). The exit code decides first: `failed`, or ok. Then the outputs:
///
/// | result | outputs                                                      | else         |
/// |--------|--------------------------------------------------------------|--------------|
/// | text   | stdout, stderr, exitcode, as far as declared; also of failed |              |
/// | lines  | lines, stderr, exitcode, likewise                            |              |
/// | json   | the members of the one object on stdout                      | bad_reply    |
/// | regex  | the named groups, in the types of the outputs                | bad_reply    |
///
/// Outputs that break the DDL are invalid_output.
class ScriptReply {
public:
    ScriptReply(const ddl::Agent& agent, const ddl::Action& action)
        : agent_(agent), action_(action), script_(agent.script_of(action)) {}

    CheckedOutputs read(const Printed& printed) const;

private:
    AgentResult succeeded(const Printed& printed) const;
    AgentResult from_json(const Printed& printed) const;
    AgentResult from_groups(const Printed& printed) const;
    Json plain_outputs(const Printed& printed) const;

    const ddl::Agent& agent_;
    const ddl::Action& action_;
    const ddl::Script script_;
};

}  // namespace hocket::execution
