#include "client/cli/resolve.h"

#include <algorithm>
#include <map>

#include "client/cli/layout.h"
#include "client/cli/report_text.h"

namespace hocket::cli {

namespace {

std::string most_frequent_digest(const std::vector<client::DiscoveredNode>& nodes) {
    std::map<std::string, std::size_t> counts;
    for (const client::DiscoveredNode& node : nodes) {
        if (!node.ddl_digest.empty()) ++counts[node.ddl_digest];
    }
    const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& left, const auto& right) {
        return left.second < right.second;
    });
    return most == counts.end() ? std::string() : most->first;
}

/// Those with that digest first: they are asked for the DDL.
void put_first(std::vector<client::DiscoveredNode>& nodes, const std::string& digest) {
    std::stable_partition(nodes.begin(), nodes.end(),
                          [&](const client::DiscoveredNode& node) { return node.ddl_digest == digest; });
}

}  // namespace

Result<Resolved> resolve(Conversation& conversation, const filter::Filter& filter, const std::string& agent) {
    Resolved resolved;
    if (auto named = client::named_targets(filter)) {
        resolved.targets = std::move(*named);
        return resolved;
    }
    Result<filter::Filter> extended = client::with_agent(filter, agent);
    if (!extended) return extended.error();
    Result<client::DiscoveryResult> found = conversation.discover({std::move(*extended), agent});
    if (!found) return found.error();
    if (found->cancelled)
        return Error{ErrorCode::interrupted, "interrupted during discovery; nothing was sent", {}};
    resolved.ddl_digest = most_frequent_digest(found->nodes);
    put_first(found->nodes, resolved.ddl_digest);
    resolved.targets = client::discovered_targets(*found);
    resolved.discovered = discovered_of(*found);
    return resolved;
}

Discovered discovered_of(const client::DiscoveryResult& found) {
    return {found.nodes.size(), found.refusals, found.nobody_connected, found.elapsed};
}

std::string nobody_text(const Discovered& discovered, const std::string& collective) {
    if (discovered.nobody_connected) {
        return "no node of collective '" + collective + "' is connected to the broker\n";
    }
    if (!discovered.refusals.empty()) return refusals_text(discovered.refusals);
    return "no node answered within " + duration_text(discovered.elapsed) +
           "; a node stays silent when it does not match, or does not know the key or the collective\n";
}

}  // namespace hocket::cli
