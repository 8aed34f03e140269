#pragma once

#include <string>
#include <vector>

#include "client/cli/console.h"
#include "client/cli/report.h"

namespace hocket::cli {

/// What the action's aggregates say about all nodes together, under "Summary of OUTPUT:" for each output. Empty for fewer than
/// two replies that are ok, which have nothing to be summarized. `verbose` names the nodes whose values were skipped. Of many
/// labels only the most frequent are shown. Text from nodes and DDL is escaped.
///
///     Summary of Status:
///         running = 3
///         stopped = 1
///         1 value skipped: absent
std::string summaries_text(const Report& report, const Detail& detail, const Style& style, bool utf8);

/// The member `summaries` of the document: all labels, all nodes.
Json summaries_json(const std::vector<client::Summary>& summaries);

}  // namespace hocket::cli
