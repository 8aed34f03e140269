#pragma once

#include "runner/builtin/builtin_agent.h"
#include "runner/node_state.h"

namespace hocket::builtin {

// The data plugins that are part of the daemon. Queries and outputs have the names that MCollective gave them.

/// `fact`: the value of one fact that is not private.
class FactData final : public BuiltinAgent {
public:
    explicit FactData(const NodeState& node) : node_(node) {}

    std::string_view ddl_text() const override;
    Result<Answer> call(const agents::ValidCall& call) override;

private:
    const NodeState& node_;
};

/// `agent`: whether there is one of that name, and which.
class AgentData final : public BuiltinAgent {
public:
    explicit AgentData(const NodeState& node) : node_(node) {}

    std::string_view ddl_text() const override;
    Result<Answer> call(const agents::ValidCall& call) override;

private:
    const NodeState& node_;
};

/// `collective`: whether the node has joined it.
class CollectiveData final : public BuiltinAgent {
public:
    explicit CollectiveData(const NodeState& node) : node_(node) {}

    std::string_view ddl_text() const override;
    Result<Answer> call(const agents::ValidCall& call) override;

private:
    const NodeState& node_;
};

/// What a node has of them, for checks: their descriptions alone.
std::vector<std::shared_ptr<const agents::InstalledAgent>> describe_builtin_data(
    const std::filesystem::path& helpers, bool has_fstat);

/// `fstat`: what a file is. The program hocket-fstat in the folder answers it, since a file system may hang.
std::shared_ptr<const agents::InstalledAgent> install_fstat(const std::filesystem::path& helpers);

}  // namespace hocket::builtin
