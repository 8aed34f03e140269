#pragma once

#include "runner/builtin/builtin_agent.h"
#include "runner/node_state.h"

namespace hocket::builtin {

/// Agent `discovery`: who is there? The filter has been decided before it is called, so that answering is all there
/// is to do; an answer carries the digest of the agent that the caller is about to ask, so that it knows whether its
/// DDL is the node's.
class Discovery final : public BuiltinAgent {
public:
    explicit Discovery(const NodeState& node) : node_(node) {}

    std::string_view ddl_text() const override;
    Result<Answer> call(const agents::ValidCall& call) override;

private:
    const NodeState& node_;
};

}  // namespace hocket::builtin
