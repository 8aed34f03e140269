#pragma once

#include <string_view>

#include "core/ddl/model.h"
#include "runner/execution/agent_output.h"

namespace hocket::execution {

/// Reads what an external agent of Choria replied, as tolerantly as Choria does:
///
///     { "statuscode": 0…255, "statusmsg": text, "data": object }
///
/// What is missing or null is 0, "OK" and {}. Other members pass. A statuscode over 5 is 5: ours know no other. A failure has the
/// defaults of the outputs too.
///
/// | reply                                       | outcome                                   |
/// |---------------------------------------------|-------------------------------------------|
/// | not exactly one JSON object                 | bad_reply                                 |
/// | one of the three with a wrong type          | bad_reply                                 |
/// | statuscode 1 or more                        | failed                                    |
/// | outputs that break the DDL                  | invalid_output (only a warning without a `run` block) |
/// | else                                        | ok                                        |
class ChoriaReply {
public:
    ChoriaReply(const ddl::Agent& agent, const ddl::Action& action) : agent_(agent), action_(action) {}

    CheckedOutputs read(std::string_view text) const;

private:
    const ddl::Agent& agent_;
    const ddl::Action& action_;
};

/// A JSON object as Choria takes it: bytes that are no UTF-8 are replaced, and of the same key the last one counts.
/// Errors: malformed_message; oversized_message.
Result<Json> read_choria_json(std::string_view text);

/// A member by its name in lower case, however it is written; null when it is missing.
const Json& choria_member(const Json& object, std::string_view name);

/// What stands on stdout behind lines that are no JSON: py-choria-external prints one before its reply.
std::string_view json_part_of(std::string_view output);

}  // namespace hocket::execution
