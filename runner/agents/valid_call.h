#pragma once

#include <cstdint>
#include <limits>
#include <memory>

#include "core/base/result.h"
#include "runner/admission/admission.h"
#include "runner/agents/agent_store.h"

namespace hocket::agents {

/// Why an agent is not there: unknown_agent, with a suggestion, or with where to look if it could not be loaded.
Error unknown_agent(const std::string& agent, const AgentStore& store);

/// An admitted request for an action that this node has, with inputs that its DDL allows and defaults filled in.
/// Only check() makes one, and query() another of it.
class ValidCall {
public:
    /// Errors: unknown_agent, unknown_action, unsupported (noop not declared, delivery not available), invalid_input.
    static Result<ValidCall> check(admission::AdmittedRequest admitted, const AgentStore& store);

    /// A query of a data plugin in place of the call that asks for it, for the same caller and in its time.
    /// Errors: invalid_input.
    static Result<ValidCall> query(const ValidCall& asking, std::shared_ptr<const InstalledAgent> plugin,
                                   const Json& inputs);

    /// As it came: of a query the one that asks for it. What runs is agent() and action().
    const wire::Request& request() const { return admitted_.request(); }
    const InstalledAgent& agent() const { return *agent_; }
    const std::shared_ptr<const InstalledAgent>& shared_agent() const { return agent_; }
    const ddl::Action& action() const { return *action_; }
    const HiddenJson& inputs() const { return inputs_; }

    /// What the DDL allows, or less when the caller asked for less.
    std::int64_t timeout_ms() const;

private:
    explicit ValidCall(admission::AdmittedRequest admitted) : admitted_(std::move(admitted)) {}

    admission::AdmittedRequest admitted_;
    std::shared_ptr<const InstalledAgent> agent_;
    const ddl::Action* action_ = nullptr;
    HiddenJson inputs_;
    std::int64_t asking_timeout_ms_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace hocket::agents
