#include "client/lib/targets.h"

#include <algorithm>
#include <map>

#include "core/base/names.h"

namespace hocket::client {

namespace {

CallPlan plan(const Session& session, wire::Request request, const std::vector<std::string>& expected) {
    CallPlan plan;
    plan.wait = longest_wait(request.timeout_ms);
    plan.quiet = std::chrono::milliseconds(session.config().discovery.quiet_ms);
    plan.request = std::move(request);
    plan.expected = expected;
    return plan;
}

std::string most_frequent_digest(const std::vector<DiscoveredNode>& nodes) {
    std::map<std::string, std::size_t> counts;
    for (const DiscoveredNode& node : nodes) {
        if (!node.ddl_digest.empty()) ++counts[node.ddl_digest];
    }
    const auto most = std::max_element(counts.begin(), counts.end(), [](const auto& left, const auto& right) {
        return left.second < right.second;
    });
    return most == counts.end() ? std::string() : most->first;
}

}  // namespace

std::optional<Targets> named_targets(const filter::Filter& filter) {
    auto identities = filter.literal_identities();
    if (!identities) return std::nullopt;
    return Targets{std::move(*identities), false, ""};
}

Targets discovered_targets(const DiscoveryResult& discovery) {
    Targets targets{{}, true, most_frequent_digest(discovery.nodes)};
    for (const bool has_it : {true, false}) {
        for (const DiscoveredNode& node : discovery.nodes) {
            if ((node.ddl_digest == targets.ddl_digest) == has_it)
                targets.identities.push_back(node.identity);
        }
    }
    return targets;
}

Result<filter::Filter> with_agent(const filter::Filter& filter, const std::string& agent) {
    filter::Filter extended = filter;
    if (is_builtin_agent(agent)) return extended;
    Result<filter::Term> term = filter::Term::parse(filter::Term::Kind::agent, agent);
    if (!term) return term.error();
    extended.agents.push_back(std::move(*term));
    return extended;
}

CallPlan plan_call(const Session& session, wire::Request request, const Targets& targets,
                   bool has_sensitive_inputs) {
    const auto threshold = static_cast<std::size_t>(session.config().discovery.direct_threshold);
    if (targets.identities.size() <= threshold || has_sensitive_inputs) {
        return plan_direct_call(session, std::move(request), targets.identities, has_sensitive_inputs);
    }
    return plan(session, std::move(request), targets.identities);
}

CallPlan plan_direct_call(const Session& session, wire::Request request,
                          const std::vector<std::string>& targets, bool has_sensitive_inputs) {
    request.targets = targets;
    CallPlan direct = plan(session, std::move(request), targets);
    direct.has_sensitive_inputs = has_sensitive_inputs;
    return direct;
}

}  // namespace hocket::client
