#include "client/cli/resolve.h"

#include "client/cli/layout.h"
#include "client/cli/report_text.h"

namespace hocket::cli {

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
    resolved.targets = client::discovered_targets(*found);
    resolved.discovered = discovered_of(*found);
    return resolved;
}

Discovered discovered_of(const client::DiscoveryResult& found) {
    return {found.nodes.size(), found.refusals, found.rejected, found.nobody_connected, found.elapsed};
}

std::string nobody_text(const Discovered& discovered, const std::string& collective,
                        const filter::FilterTexts& filter) {
    if (discovered.nobody_connected) {
        return "no node of collective '" + collective + "' is connected to the broker\n";
    }
    const std::string rejected = rejected_text(discovered.rejected);
    if (!discovered.refusals.empty()) return rejected + refusals_text(discovered.refusals);
    const std::string within = " within " + duration_text(discovered.elapsed);
    if (!rejected.empty()) return rejected + "nobody else answered" + within + '\n';
    const bool by_fact_or_class = !filter.facts.empty() || !filter.classes.empty();
    return "no node answered" + within +
           "; a node stays silent when it does not match, does not know the key or the collective, or has a "
           "clock that is more than ten minutes from ours\n" +
           (by_fact_or_class ? "names and values are case-sensitive; see: hocket facts FACT\n" : "");
}

}  // namespace hocket::cli
