#pragma once

#include <string_view>

#include "core/ddl/model.h"
#include "runner/execution/agent_output.h"

namespace hocket::execution {

/// Reads what an agent of contract `json` printed (spec/agent.md, reply):
///
///     { "statuscode": 0…5, "statusmsg": text, "data": object, "error": {"kind","message","details"}, "changed": bool,
///       "diff": text }
///
/// `statuscode` may be missing beside an `error` (it is 1 then); the others are optional. Members that are not named here
/// pass.
///
/// | output                                             | outcome                                                |
/// |----------------------------------------------------|--------------------------------------------------------|
/// | not exactly one strict JSON object                 | bad_reply; crashed when the exit code was not 0        |
/// | exit code not 0, no `error`                        | crashed                                                |
/// | a member of the wrong type, a statuscode that is missing or over 5, `error` beside statuscode 0 | bad_reply |
/// | `error`, or statuscode 1 to 5                      | failed                                                 |
/// | outputs that break the DDL                         | invalid_output (only a warning without a `run` block)  |
/// | else                                               | ok                                                     |
class JsonReply {
public:
    JsonReply(const ddl::Agent& agent, const ddl::Action& action) : agent_(agent), action_(action) {}

    CheckedOutputs read(std::string_view output, int exit_code) const;

    /// The same of an object that was read from `output`, of a process that lives on.
    CheckedOutputs read(Json object, std::string_view output) const;

private:
    AgentResult crashed(std::string_view output, int exit_code, const std::string& reason) const;
    CheckedOutputs check(AgentResult result) const;
    AgentResult read_result(std::string_view output, int exit_code) const;
    AgentResult read_members(Json object, std::string_view output) const;

    const ddl::Agent& agent_;
    const ddl::Action& action_;
};

}  // namespace hocket::execution
