#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

/// Whether inputs that are absent get their defaults: on the node they do, a client leaves that to the node.
enum class Defaults { apply, leave };

/// Checks a request's inputs against the action; returns them with each value in the type of its input (3.0
/// for an integer becomes 3) and with the defaults, if they are to be applied. Null is not a value: who has
/// none leaves the input out. List values are compared exactly, by type and value.
///
/// Errors: invalid_input with every violation: pointer "/inputs/NAME", rule `type`, `range`, `maxlength`,
///         `validation`, `list`, `required` or `undeclared`. A sensitive value is never shown, nor that of an
///         undeclared input, which may be a sensitive one with a mistyped name.
/// Thread: any.
Result<Json> check_inputs(const Action& action, const Json& inputs, Defaults defaults);

/// All of them in one message, which lists the first five.
Error invalid_input(std::vector<Violation> violations);

/// What became of an agent's `data`.
struct OutputCheck {
    Json data;                            ///< with the defaults of outputs that are absent or null
    std::vector<Violation> violations;    ///< pointer "/data/NAME", rule `type` or `range`
    std::vector<std::string> undeclared;  ///< names that pass although the DDL does not know them
};

/// Checks an agent's outputs. Null is the agent's way to say that there is no value, and passes for any type. No value is
/// shown of an action with sensitive fields.
/// Thread: any.
OutputCheck check_outputs(const Action& action, const Json& data);

}  // namespace hocket::ddl
