#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "client/cli/console.h"
#include "client/cli/report.h"

namespace hocket::cli {

/// The replies: those that the action's `display` asks for, failures last. More than three nodes with the same answer
/// share it under their names. Text from nodes is escaped.
std::string replies_text(const Report& report, const Detail& detail, const Style& style, std::size_t width);

/// Those replies alone that are not ok.
std::string failures_text(const Report& report, const Style& style, std::size_t width);

/// "5 of 5 answered: 4 ok, 1 failed in 41 ms", then everything that a person has to know besides: who did not answer and
/// why, and what was dropped.
std::string summary_text(const Report& report, const Detail& detail, const Style& style, std::size_t width);

/// Nodes that refused to be discovered: a line for each outcome, with the message of the first of them.
std::string refusals_text(const std::vector<client::NodeReply>& refusals);

/// Valid answers that do not count. expected: "asked" or "discovered", which those nodes were not.
std::string unexpected_text(const std::vector<client::NodeReply>& unexpected, std::string_view expected,
                            std::size_t width);

/// How many messages were dropped because they were no valid replies, and why; empty for none.
std::string rejected_text(const client::Rejected& rejected);

}  // namespace hocket::cli
