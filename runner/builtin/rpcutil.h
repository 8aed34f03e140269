#pragma once

#include "core/base/clock.h"
#include "runner/builtin/builtin_agent.h"
#include "runner/node_state.h"

namespace hocket::builtin {

/// Agent `rpcutil`: what a node tells about itself. Actions and outputs have the names that MCollective and Choria
/// gave them; `agent_ddl` is ours.
class Rpcutil final : public BuiltinAgent {
public:
    Rpcutil(const NodeState& node, const Clock& clock) : node_(node), clock_(clock) {}

    std::string_view ddl_text() const override;
    Result<Json> call(const agents::ValidCall& call) override;

private:
    Json ping() const;
    Json inventory() const;
    Json get_fact(const Json& inputs) const;
    Json get_facts(const Json& inputs) const;
    Json agent_inventory() const;
    Result<Json> agent_ddl(const Json& inputs) const;
    Json collective_info() const;
    Json daemon_stats() const;
    Result<Json> get_config_item(const Json& inputs) const;

    const NodeState& node_;
    const Clock& clock_;
};

}  // namespace hocket::builtin
