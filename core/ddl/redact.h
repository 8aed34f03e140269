#pragma once

#include "core/base/hidden_json.h"
#include "core/ddl/model.h"

namespace hocket::ddl {

/// The inputs of a request as audit and logs may hold them: only the values of declared inputs that are not
/// sensitive are kept, every other one becomes "***", since a mistyped name may stand before a secret. So do
/// all of an unknown action (null). Inputs that are not an object become "***" as a whole.
Json redact(const Action* action, const HiddenJson& inputs);

/// The same for the outputs of a reply.
Json redact_outputs(const Action* action, const Json& data);

}  // namespace hocket::ddl
