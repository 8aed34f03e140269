#include <algorithm>

#include "client/cli/commands.h"
#include "client/cli/layout.h"
#include "client/cli/report_json.h"
#include "client/cli/report_text.h"
#include "client/cli/resolve.h"
#include "client/cli/statistics.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

using client::DiscoveryResult;

std::vector<std::string> missing_names(const filter::Filter& filter, const DiscoveryResult& found) {
    std::vector<std::string> missing = filter.literal_identities().value_or(std::vector<std::string>());
    for (const client::DiscoveredNode& node : found.nodes)
        std::erase(missing, node.identity);
    for (const client::NodeReply& node : found.refusals)
        std::erase(missing, node.reply.identity);
    return missing;
}

int exit_code_of(const DiscoveryResult& found, std::size_t missing) {
    client::Ending ending;
    ending.interrupted = found.cancelled;
    ending.answered = found.nodes.size();
    client::add_replies(ending, found.refusals);
    ending.missing = missing;
    return client::exit_code(ending);
}

std::vector<std::chrono::microseconds> latencies_of(const DiscoveryResult& found) {
    std::vector<std::chrono::microseconds> times;
    for (const client::DiscoveredNode& node : found.nodes)
        times.push_back(node.latency);
    return times;
}

std::string nodes_text(std::vector<client::DiscoveredNode> nodes) {
    std::sort(nodes.begin(), nodes.end(),
              [](const auto& left, const auto& right) { return left.latency < right.latency; });
    std::size_t width = 0;
    for (const client::DiscoveredNode& node : nodes)
        width = std::max(width, node.identity.size());
    std::string text;
    for (const client::DiscoveredNode& node : nodes) {
        text +=
            padded_right(node.identity, width) + "  " + padded_left(duration_text(node.latency), 8) + '\n';
    }
    return text;
}

std::string statistics_text(const DiscoveryResult& found, bool utf8) {
    const std::vector<std::chrono::microseconds> times = latencies_of(found);
    const Statistics all = statistics_of(times);
    const std::string spread = sparkline(times, utf8);
    return '\n' + counted(all.count, "node") + ": min " + duration_text(all.min) + ", avg " +
           duration_text(all.average) + ", max " + duration_text(all.max) + ", p50 " +
           duration_text(all.p50) + ", p95 " + duration_text(all.p95) +
           (spread.empty() ? "" : "  " + spread) + '\n';
}

Json ping_json(const DiscoveryResult& found, const std::vector<std::string>& missing) {
    Json nodes = Json::array();
    for (const client::DiscoveredNode& node : found.nodes) {
        nodes.push_back(
            {{"identity", node.identity}, {"latency_ms", in_ms(node.latency)}, {"version", node.version}});
    }
    const Statistics all = statistics_of(latencies_of(found));
    return {{"schema", "io.hocket.ping.v1"},
            {"nodes", nodes},
            {"refusals", refusals_json(found.refusals)},
            {"missing", missing},
            {"unexpected", unexpected_json(found.unexpected)},
            {"rejected", rejected_json(found.rejected)},
            {"statistics",
             {{"count", all.count},
              {"min_ms", in_ms(all.min)},
              {"avg_ms", in_ms(all.average)},
              {"max_ms", in_ms(all.max)},
              {"p50_ms", in_ms(all.p50)},
              {"p95_ms", in_ms(all.p95)}}},
            {"exit_code", exit_code_of(found, missing.size())}};
}

}  // namespace

Result<int> run_ping(const CommandLine& line, Conversation& conversation) {
    Result<filter::Filter> filter = filter::parse_filter(line.node.filter);
    if (!filter) return filter.error();
    const Result<DiscoveryResult> found = conversation.discover({*filter, ""});
    if (!found) return found.error();
    const std::vector<std::string> missing = missing_names(*filter, *found);
    const Console& console = conversation.console();
    if (line.common.json) {
        console.out(dump_json_pretty(ping_json(*found, missing)) + '\n');
    } else if (!found->nodes.empty()) {
        console.out(nodes_text(found->nodes) + statistics_text(*found, console.is_utf8));
    }
    console.err(unexpected_text(found->unexpected, "asked", console.width));
    if (found->nodes.empty() && missing.empty()) {
        console.err(nobody_text(discovered_of(*found), conversation.config().collective, line.node.filter));
    } else {
        console.err(refusals_text(found->refusals) + rejected_text(found->rejected));
    }
    if (!missing.empty()) console.err("no answer from " + name_list(missing, console.width) + '\n');
    return exit_code_of(*found, missing.size());
}

}  // namespace hocket::cli
