#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/lib/call.h"
#include "client/lib/discovery.h"
#include "core/filter/filter.h"

namespace hocket::client {

/// Who a request is for.
struct Targets {
    std::vector<std::string> identities;
    bool discovered = false;  ///< else the user named them
    std::string ddl_digest =
        {};  ///< of the agent asked for, on most of those discovered; empty when nobody knows
};

/// Literal identities alone need no discovery: those are the targets. None for any other filter.
std::optional<Targets> named_targets(const filter::Filter& filter);

/// Those first that have the most frequent DDL: they are asked for it.
Targets discovered_targets(const DiscoveryResult& discovery);

/// The filter to discover the nodes that can serve an agent. Every node has the built-in ones.
Result<filter::Filter> with_agent(const filter::Filter& filter, const std::string& agent);

/// Up to `direct_threshold` nodes are named in the request and asked one by one, so that nothing runs where the user was
/// not shown; more get one broadcast with the filter. A request with sensitive inputs is never broadcast.
CallPlan plan_call(const Session& session, wire::Request request, const Targets& targets,
                   bool has_sensitive_inputs);

/// The targets are named, however many they are.
CallPlan plan_direct_call(const Session& session, wire::Request request,
                          const std::vector<std::string>& targets, bool has_sensitive_inputs);

}  // namespace hocket::client
