#pragma once

#include "core/base/clock.h"
#include "runner/builtin/builtin_agent.h"
#include "runner/builtin/data_plugins.h"
#include "runner/node_state.h"

namespace hocket::builtin {

/// Agent `rpcutil`: what a node tells about itself. Actions and outputs have the names that MCollective and Choria
/// gave them; `agent_ddl` is ours.
class Rpcutil final : public BuiltinAgent {
public:
    Rpcutil(const NodeState& node, DataPlugins& data, const Clock& clock)
        : node_(node), data_(data), clock_(clock) {}

    std::string_view ddl_text() const override;
    Result<Answer> call(const agents::ValidCall& call) override;

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

    Result<Json> answer(const agents::ValidCall& call) const;

    const NodeState& node_;
    DataPlugins& data_;
    const Clock& clock_;
};

}  // namespace hocket::builtin
