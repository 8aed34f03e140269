#pragma once

#include <memory>
#include <string_view>

#include "core/base/json.h"
#include "core/base/result.h"
#include "runner/agents/installed_agent.h"
#include "runner/agents/valid_call.h"

namespace hocket::builtin {

/// An agent that is part of the daemon. It has a DDL as every agent has, and is called through the same checks; its
/// outputs are its own code's, so they are not checked.
///
/// Thread: io thread only; call() returns at once.
class BuiltinAgent {
public:
    virtual ~BuiltinAgent() = default;

    /// YAML, by spec/ddl.md.
    virtual std::string_view ddl_text() const = 0;

    /// The outputs. Errors: those of a reply; the message is for the caller.
    virtual Result<Json> call(const agents::ValidCall& call) = 0;
};

/// The agent as the store keeps it. Its DDL is ours: a mistake in it ends the program.
std::shared_ptr<const agents::InstalledAgent> install(BuiltinAgent& agent);

}  // namespace hocket::builtin
