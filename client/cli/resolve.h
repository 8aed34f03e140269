#pragma once

#include <optional>
#include <string>

#include "client/cli/conversation.h"
#include "client/cli/report.h"
#include "client/lib/targets.h"

namespace hocket::cli {

/// Who a command speaks to.
struct Resolved {
    client::Targets targets;
    std::optional<Discovered> discovered;  ///< none: the nodes were named
};

/// The nodes that the filter names, or else those that are discovered, have the agent and match.
/// Errors: those of Conversation::discover; interrupted.
Result<Resolved> resolve(Conversation& conversation, const filter::Filter& filter, const std::string& agent);

Discovered discovered_of(const client::DiscoveryResult& found);

/// Why a discovery with that filter found nobody, as far as it is known; lines.
std::string nobody_text(const Discovered& discovered, const std::string& collective,
                        const filter::FilterTexts& filter);

}  // namespace hocket::cli
