#include <algorithm>

#include "client/cli/ask.h"
#include "client/cli/commands.h"
#include "client/cli/layout.h"
#include "client/cli/report_json.h"
#include "client/cli/report_text.h"
#include "core/base/clock.h"
#include "core/base/text.h"

namespace hocket::cli {

namespace {

constexpr std::size_t k_label_width = 29;
constexpr std::size_t k_name_columns = 3;
constexpr std::size_t k_name_width = 15;
constexpr std::size_t k_class_width = 30;
constexpr std::size_t k_page_width = 90;

std::string line_of(const std::string& label, const std::string& text) {
    return padded_left(label, k_label_width) + ": " + text + '\n';
}

std::string shown(const Json& value) {
    return escape_text(value.is_string() ? value.get<std::string>() : dump_json(value));
}

/// The strings of a member that should be a list of them, sorted.
std::vector<std::string> names_in(const Json& data, const char* member) {
    std::vector<std::string> names;
    const Json list = data.value(member, Json::array());
    for (const Json& each : list.is_array() ? list : Json::array())
        names.push_back(shown(each));
    std::sort(names.begin(), names.end());
    return names;
}

std::string seconds_text(const Json& times, const char* member) {
    const Json value = times.is_object() ? times.value(member, Json()) : Json();
    return value.is_number() ? shown(value) + " seconds" : "unknown";
}

std::string columns_text(const std::vector<std::string>& names, std::size_t columns, std::size_t min_width,
                         const std::string& indent, const char* nothing) {
    if (names.empty()) return std::string("      ") + nothing + '\n';
    std::size_t width = min_width;
    for (const std::string& name : names)
        width = std::max(width, std::min(name.size(), k_page_width));
    if (columns == 0) columns = std::max<std::size_t>(1, k_page_width / width);
    std::string text;
    for (std::size_t i = 0; i < names.size(); i += columns) {
        std::string row = indent;
        for (std::size_t j = i; j < std::min(i + columns, names.size()); ++j)
            row += padded_right(names[j], width) + ' ';
        row.erase(row.find_last_not_of(' ') + 1);
        text += row + '\n';
    }
    return text;
}

std::string statistics_text(const Json& inventory, const Json& statistics) {
    const auto number = [&](const char* member) { return shown(statistics.value(member, Json("unknown"))); };
    const Json started = statistics.value("starttime", Json());
    const Json times = statistics.value("times", Json::object());
    return "   Server Statistics:\n" +
           line_of("Version", shown(inventory.value("version", Json("unknown")))) +
           line_of("Start Time",
                   started.is_number_integer() ? utc_text(started.get<std::int64_t>() * 1000) : "unknown") +
           line_of("Config File", number("configfile")) +
           line_of("Collectives", join(names_in(inventory, "collectives"), ", ")) +
           line_of("Main Collective", shown(inventory.value("main_collective", Json("unknown")))) +
           line_of("Process ID", number("pid")) + line_of("Total Messages", number("total")) +
           line_of("Unverified Messages", number("unvalidated")) +
           line_of("Messages Passed Filters", number("passed")) +
           line_of("Messages Filtered", number("filtered")) +
           line_of("Expired Messages", number("ttlexpired")) +
           line_of("Repeated Messages", number("duplicates")) + line_of("Denied Requests", number("denied")) +
           line_of("Replies Sent", number("replies")) +
           line_of("Total Processor Time", seconds_text(times, "utime")) +
           line_of("System Time", seconds_text(times, "stime"));
}

std::string facts_text(const Json& inventory) {
    const Json facts = inventory.value("facts", Json::object());
    if (!facts.is_object() || facts.empty()) return "      No facts known\n";
    std::string text;
    for (const auto& [name, value] : facts.items())
        text += "      " + escape_text(name) + " => " + shown(value) + '\n';
    return text;
}

/// As `mco inventory` prints it.
std::string inventory_text(const std::string& identity, const Json& inventory, const Json& statistics) {
    const auto list = [&](const char* member, const char* nothing) {
        return columns_text(names_in(inventory, member), k_name_columns, k_name_width, "      ", nothing);
    };
    return "Inventory for " + identity + ":\n\n" + statistics_text(inventory, statistics) + "\n   Agents:\n" +
           list("agents", "No agents installed") + "\n   Data Plugins:\n" +
           list("data_plugins", "No data plugins installed") + "\n   Configuration Management Classes:\n" +
           columns_text(names_in(inventory, "classes"), 0, k_class_width, "    ", "No classes applied") +
           "\n   Facts:\n" + facts_text(inventory);
}

/// How many nodes are in each collective, the smallest first.
std::vector<std::pair<std::string, std::size_t>> collectives_of(const Report& report) {
    std::map<std::string, std::size_t> counts;
    for (const auto& [identity, data] : data_by_identity(report)) {
        for (const std::string& collective : names_in(data, "collectives"))
            ++counts[collective];
    }
    std::vector<std::pair<std::string, std::size_t>> rows(counts.begin(), counts.end());
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& left, const auto& right) { return left.second < right.second; });
    return rows;
}

std::string collectives_text(const Report& report) {
    std::string text =
        "   " + padded_right("Collective", 30) + " Nodes\n   " + padded_right("==========", 30) + " =====\n";
    for (const auto& [name, count] : collectives_of(report))
        text += "   " + padded_right(name, 30) + ' ' + std::to_string(count) + '\n';
    return text + "\n   " + padded_left("Total nodes:", 30) + ' ' +
           std::to_string(data_by_identity(report).size()) + '\n';
}

Result<int> list_collectives(const CommandLine& line, Conversation& conversation) {
    const Result<Report> report = ask_rpcutil(line, "collective_info", Json::object(), conversation);
    if (!report) return report.error();
    const Console& console = conversation.console();
    if (line.common.json) {
        Json collectives = Json::object();
        for (const auto& [name, count] : collectives_of(*report))
            collectives[name] = count;
        Json document = own_report_json(*report, "io.hocket.collectives.v1");
        document["collectives"] = collectives;
        console.out(dump_json_pretty(document) + '\n');
    } else if (!data_by_identity(*report).empty()) {
        console.out(collectives_text(*report));
    }
    console.err(rest_text(line, *report, conversation));
    return report->exit_code;
}

}  // namespace

Result<int> run_inventory(const CommandLine& line, const InventoryCommand& command,
                          Conversation& conversation) {
    if (command.list_collectives) return list_collectives(line, conversation);
    CommandLine named = line;
    named.node.filter = {};
    named.node.filter.identities = {command.node};
    const Result<Report> inventory = ask_rpcutil(named, "inventory", Json::object(), conversation);
    if (!inventory) return inventory.error();
    const Console& console = conversation.console();
    const std::map<std::string, Json> told = data_by_identity(*inventory);
    Json statistics = Json::object();
    if (!told.empty()) {
        const Result<Report> counted = ask_rpcutil(named, "daemon_stats", Json::object(), conversation);
        if (!counted) return counted.error();
        const std::map<std::string, Json> numbers = data_by_identity(*counted);
        if (!numbers.empty()) statistics = numbers.begin()->second;
    }
    if (line.common.json) {
        Json document = own_report_json(*inventory, "io.hocket.inventory.v1");
        document["inventory"] = told.empty() ? Json() : told.begin()->second;
        document["statistics"] = statistics;
        console.out(dump_json_pretty(document) + '\n');
    } else if (!told.empty()) {
        console.out(inventory_text(told.begin()->first, told.begin()->second, statistics));
    }
    if (told.empty() || line.common.verbose)
        console.err(replies_text(*inventory, {}, console.err_style, console.width) +
                    summary_text(*inventory, {}, console.err_style, console.width));
    return inventory->exit_code;
}

}  // namespace hocket::cli
