#include "client/cli/commands.h"
#include "client/cli/layout.h"
#include "client/cli/report_json.h"
#include "client/cli/report_text.h"
#include "client/cli/resolve.h"

namespace hocket::cli {

namespace {

int exit_code_of(const client::DiscoveryResult& found) {
    client::Ending ending;
    ending.interrupted = found.cancelled;
    ending.discovered = found.nodes.size() + found.refusals.size();
    ending.answered = found.nodes.size();
    client::add_replies(ending, found.refusals);
    return client::exit_code(ending);
}

Json find_json(const client::DiscoveryResult& found) {
    Json nodes = Json::array();
    for (const client::DiscoveredNode& node : found.nodes)
        nodes.push_back(node.identity);
    return {{"schema", "io.hocket.find.v1"},
            {"nodes", nodes},
            {"refusals", refusals_json(found.refusals)},
            {"unexpected", unexpected_json(found.unexpected)},
            {"rejected", rejected_json(found.rejected)},
            {"elapsed_ms", in_ms(found.elapsed)},
            {"exit_code", exit_code_of(found)}};
}

}  // namespace

Result<int> run_find(const CommandLine& line, Conversation& conversation) {
    Result<filter::Filter> filter = filter::parse_filter(line.node.filter);
    if (!filter) return filter.error();
    const Result<client::DiscoveryResult> found = conversation.discover({std::move(*filter), ""});
    if (!found) return found.error();
    const Console& console = conversation.console();
    if (line.common.json) {
        console.out(dump_json_pretty(find_json(*found)) + '\n');
    } else {
        std::string names;
        for (const client::DiscoveredNode& node : found->nodes)
            names += node.identity + '\n';
        console.out(names);
    }
    console.err(unexpected_text(found->unexpected, "asked", console.width));
    if (found->nodes.empty()) {
        console.err(nobody_text(discovered_of(*found), conversation.config().collective, line.node.filter));
    } else {
        console.err(rejected_text(found->rejected) + refusals_text(found->refusals));
    }
    if (line.common.verbose) {
        console.err(counted(found->nodes.size(), "node") + " in " + duration_text(found->elapsed) + '\n');
    }
    return exit_code_of(*found);
}

}  // namespace hocket::cli
