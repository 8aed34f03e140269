#include <algorithm>
#include <map>

#include "client/cli/ask.h"
#include "client/cli/commands.h"
#include "client/cli/layout.h"
#include "client/cli/report_json.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

constexpr std::size_t k_min_value_width = 40;

/// A value of the fact, and the nodes that have it, by name.
struct Value {
    Json value;
    std::vector<std::string> nodes;
};

std::string text_of(const Json& value) {
    return escape_text(value.is_string() ? value.get<std::string>() : dump_json(value));
}

/// By the text that is shown. A node without the fact has no value.
std::map<std::string, Value> distribution(const Report& report) {
    std::map<std::string, Value> values;
    for (const auto& [identity, data] : data_by_identity(report)) {
        const Json value = data.value("value", Json());
        if (value.is_null()) continue;
        Value& entry = values[text_of(value)];
        entry.value = value;
        entry.nodes.push_back(identity);
    }
    return values;
}

/// As `mco facts` prints it.
std::string distribution_text(const std::string& fact, const std::map<std::string, Value>& values,
                              bool with_nodes) {
    std::size_t width = k_min_value_width;
    for (const auto& [text, value] : values)
        width = std::max(width, text.size());
    std::string report = "Report for fact: " + escape_text(fact) + "\n\n";
    for (const auto& [text, value] : values) {
        report += "        " + padded_right(text, width) + " found " + std::to_string(value.nodes.size()) +
                  " times\n";
        if (!with_nodes) continue;
        report += '\n';
        for (const std::string& node : value.nodes)
            report += "            " + node + '\n';
        report += '\n';
    }
    return report + (with_nodes ? "" : "\n");
}

Json distribution_json(const std::string& fact, const std::map<std::string, Value>& values,
                       const Report& report) {
    Json list = Json::array();
    for (const auto& [text, value] : values)
        list.push_back({{"value", value.value}, {"count", value.nodes.size()}, {"nodes", value.nodes}});
    Json document = own_report_json(report, "io.hocket.facts.v1");
    document["fact"] = fact;
    document["values"] = list;
    return document;
}

}  // namespace

Result<int> run_facts(const CommandLine& line, const FactsCommand& command, Conversation& conversation) {
    const Result<Report> report = ask_rpcutil(line, "get_fact", {{"fact", command.fact}}, conversation);
    if (!report) return report.error();
    const std::map<std::string, Value> values = distribution(*report);
    const Console& console = conversation.console();
    if (line.common.json) {
        console.out(dump_json_pretty(distribution_json(command.fact, values, *report)) + '\n');
    } else if (!values.empty()) {
        console.out(distribution_text(command.fact, values, line.common.verbose));
    }
    const bool somebody_answered = !data_by_identity(*report).empty();
    if (values.empty() && somebody_answered)
        console.err("No values found for fact " + escape_text(command.fact) + '\n');
    console.err(rest_text(line, *report, conversation));
    return report->exit_code;
}

}  // namespace hocket::cli
