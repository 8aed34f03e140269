#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <variant>

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

    /// Another call that is to be run in place of this one, and who wants to see its outputs if it succeeds.
    struct Instead {
        agents::ValidCall call;
        std::function<void(const Json& outputs)> keep;
    };

    /// The outputs, or what gives them.
    using Answer = std::variant<Json, Instead>;

    /// Errors: those of a reply; the message is for the caller.
    virtual Result<Answer> call(const agents::ValidCall& call) = 0;
};

/// The agent as the store keeps it. Its DDL is ours: a mistake in it ends the program.
std::shared_ptr<const agents::InstalledAgent> install(BuiltinAgent& agent);

/// The same of a data plugin, whose action `query` is called.
std::shared_ptr<const agents::InstalledAgent> install_data(BuiltinAgent& plugin);

}  // namespace hocket::builtin
