#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/clock.h"
#include "runner/agents/agent_store.h"
#include "runner/builtin/builtin_agent.h"

namespace hocket::builtin {

/// Asks the node's data plugins, and keeps answers for as long as their descriptions allow (`ttl`). Failures are not kept.
///
/// Thread: io thread only.
class DataPlugins {
public:
    DataPlugins(const agents::AgentStore& store, const Clock& clock) : store_(store), clock_(clock) {}

    /// `query`: text, read by the type of the plugin's query.
    /// Errors: invalid_input, when there is no such plugin or the query is none for it.
    Result<BuiltinAgent::Answer> ask(const agents::ValidCall& asking, const std::string& plugin,
                                     const std::optional<std::string>& query);

    const std::vector<std::string>& names() const { return store_.names(); }

private:
    using Time = std::chrono::steady_clock::time_point;

    struct Answer {
        std::weak_ptr<const agents::InstalledAgent> plugin;  ///< one that was loaded anew is another
        Json outputs;
        Time until;
        std::size_t bytes;
    };

    void keep(const std::string& key, const std::shared_ptr<const agents::InstalledAgent>& plugin,
              const Json& outputs);
    void forget(std::map<std::string, Answer>::iterator answer);
    void make_room();

    const agents::AgentStore& store_;
    const Clock& clock_;
    std::map<std::string, Answer> answers_;  ///< by plugin and query
    std::size_t bytes_ = 0;
};

}  // namespace hocket::builtin
