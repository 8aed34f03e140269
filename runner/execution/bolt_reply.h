#pragma once

#include "runner/execution/script_reply.h"

namespace hocket::execution {

/// Makes a reply of what a task of Puppet Bolt printed: a JSON object is its result, anything else the output `_output`.
///
/// | what it left                                     | outcome                                                          |
/// |--------------------------------------------------|------------------------------------------------------------------|
/// | bytes that are no UTF-8                          | bad_reply                                                        |
/// | a member `_error`, whatever the exit code is     | failed, with its kind, msg and details                           |
/// | another exit code than 0                         | failed, kind puppetlabs.tasks/task-error                         |
/// | outputs that break the DDL                       | invalid_output                                                   |
/// | else                                             | ok                                                               |
///
/// The outputs: what is declared by its name, and the rest of the object as `result`.
class BoltReply {
public:
    BoltReply(const ddl::Agent& agent, const ddl::Action& action) : agent_(agent), action_(action) {}

    CheckedOutputs read(const Printed& printed) const;

private:
    Json outputs_of(Json object) const;

    const ddl::Agent& agent_;
    const ddl::Action& action_;
};

}  // namespace hocket::execution
