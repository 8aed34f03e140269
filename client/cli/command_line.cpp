#include "client/cli/command_line.h"

#include <algorithm>
#include <cmath>

#include <CLI/CLI.hpp>

#include "client/cli/command_line_parts.h"
#include "client/cli/help_texts.h"
#include "client/cli/keys_command_line.h"
#include "client/lib/config_environment.h"
#include "core/base/text.h"
#include "core/wire/request.h"
#include "hocket_version.h"

namespace hocket::cli {

namespace {

constexpr double k_max_retry_s = 24.0 * 60 * 60;

/// What CLI11 writes into while it parses. Seconds are turned into milliseconds afterwards.
struct Raw {
    CommandLine line;
    double discovery_timeout_s = 0;
    double timeout_s = 0;
    double ttl_s = 0;
    double retry_busy_s = 0;
    bool rpc_help = false;
    InventoryCommand inventory;
    FactsCommand facts;
    RpcCommand rpc;
    AgentsDescribeCommand describe;
    KeysChoice keys;
};

/// One value for each time that the option is written: `-I a b` names a only.
CLI::Option& add_repeatable(CLI::App& app, const char* flags, std::vector<std::string>& values,
                            const char* help) {
    return *app.add_option(flags, values, help)->allow_extra_args(false)->group("Which nodes");
}

void add_discovery_timeout(CLI::App& app, Raw& raw) {
    app.add_option("--discovery-timeout", raw.discovery_timeout_s,
                   "Listen for nodes for so long, instead of until they fall quiet")
        ->check(within(client::k_min_window_ms / 1000.0, client::k_max_window_ms / 1000.0))
        ->type_name("SECONDS");
}

void add_node_options(CLI::App& app, Raw& raw) {
    filter::FilterTexts& filter = raw.line.node.filter;
    add_repeatable(app, "-F,--with-fact", filter.facts, "os.family=Debian, cores>=8, name=~/expression/")
        .type_name("FACT");
    add_repeatable(app, "-C,--with-class", filter.classes, "A class of the node, or /expression/")
        .type_name("CLASS");
    add_repeatable(app, "-A,--with-agent", filter.agents, "An agent that it has, or /expression/")
        .type_name("AGENT");
    add_repeatable(app, "-I,--with-identity", filter.identities,
                   "The node's name, or /expression/; several are alternatives")
        .type_name("NODE");
    app.add_option("-T,--collective", raw.line.node.collective, "The nodes of this collective")
        ->type_name("NAME")
        ->group("Which nodes");
    add_discovery_timeout(app, raw);
    app.add_option("--ttl", raw.ttl_s, "How long after now a node may still start; default: 10")
        ->check(within(0.001, static_cast<double>(wire::k_max_ttl_ms) / 1000))
        ->type_name("SECONDS");
}

/// For the commands that run an action.
void add_call_options(CLI::App& app, Raw& raw) {
    add_node_options(app, raw);
    app.add_option("-t,--timeout", raw.timeout_s,
                   "How long the action may take on a node; default: its DDL's")
        ->check(within(0.001, static_cast<double>(wire::k_max_timeout_ms) / 1000))
        ->type_name("SECONDS");
}

void add_inventory(CLI::App& app, Raw& raw) {
    CLI::App& inventory =
        add_command(app, "inventory", "All about one node", k_inventory_footer, raw.line.common);
    auto* node = inventory.add_option("NODE", raw.inventory.node, "The node");
    auto* list = inventory.add_flag("--list-collectives,--lc", raw.inventory.list_collectives,
                                    "Instead: how many nodes are in each collective");
    list->excludes(node);
    add_call_options(inventory, raw);
}

void add_facts(CLI::App& app, Raw& raw) {
    CLI::App& facts = add_command(app, "facts", "Which values a fact has, on how many nodes", k_facts_footer,
                                  raw.line.common);
    facts.add_option("FACT", raw.facts.fact, "The fact's path, as in os.family")->required();
    add_call_options(facts, raw);
}

void add_rpc(CLI::App& app, Raw& raw) {
    CLI::App& rpc = add_command(app, "rpc", "Call an action on nodes", k_rpc_footer, raw.line.common);
    rpc.set_help_flag();
    rpc.add_flag("-h,--help", raw.rpc_help,
                 "This help; behind AGENT ACTION: what the action takes and gives");
    rpc.add_option("AGENT", raw.rpc.agent, "The agent");
    rpc.add_option("ACTION", raw.rpc.action, "One of its actions");
    rpc.add_option("INPUTS", raw.rpc.inputs, "name=value, name:=JSON or name=@file");
    add_call_options(rpc, raw);
    rpc.add_flag("--noop", raw.rpc.noop, "Say what would be done and do nothing");
    rpc.add_flag("-y,--yes", raw.rpc.yes, "Run a destructive action without a question");
    rpc.add_flag("--jsonl", raw.rpc.json_lines, "One JSON line for each reply as it comes, then the result");
    rpc.add_flag("--show-sensitive", raw.rpc.show_sensitive,
                 "Show outputs that the DDL calls sensitive, and undeclared ones beside them");
    rpc.add_option("--retry-busy", raw.retry_busy_s, "Ask nodes that are busy again, for so long")
        ->check(within(0, k_max_retry_s))
        ->type_name("SECONDS");
}

void add_agents(CLI::App& app, Raw& raw) {
    CLI::App& agents = add_group(app, "agents", "What can be called", k_agents_footer);
    CLI::App& list =
        add_command(agents, "list", "The agents of all nodes", k_agents_list_footer, raw.line.common);
    add_call_options(list, raw);
    CLI::App& describe = add_command(agents, "describe", "What an agent is, or one of its actions",
                                     k_agents_describe_footer, raw.line.common);
    describe.add_option("AGENT", raw.describe.agent, "The agent")->required();
    describe.add_option("ACTION", raw.describe.action, "One of its actions");
    describe.add_option("-T,--collective", raw.line.node.collective, "Ask nodes of this collective")
        ->type_name("NAME");
    add_discovery_timeout(describe, raw);
}

void build(CLI::App& app, Raw& raw) {
    app.footer(k_main_footer);
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("hocket ") + k_version);
    add_common(app, raw.line.common);
    CLI::App& ping = add_command(app, "ping", "Who answers, and how fast", k_ping_footer, raw.line.common);
    add_node_options(ping, raw);
    CLI::App& find =
        add_command(app, "find", "The names of the nodes that match", k_find_footer, raw.line.common);
    add_node_options(find, raw);
    add_inventory(app, raw);
    add_facts(app, raw);
    add_rpc(app, raw);
    add_agents(app, raw);
    add_keys(app, raw.line.common, raw.keys);
    refuse_empty_values(app);
}

/// The chain of commands that was parsed: "hocket agents list".
std::string chosen(const CLI::App& app) {
    std::string path = app.get_name();
    for (const CLI::App* command = &app; !command->get_subcommands().empty();) {
        command = command->get_subcommands().front();
        path += ' ' + command->get_name();
    }
    return path;
}

Error usage(const CLI::App& app, const std::string& message) {
    const std::string end = message.ends_with('?') ? " See: " : "; see: ";
    return {ErrorCode::usage, message + end + chosen(app) + " --help", {}};
}

std::optional<int> to_ms(double seconds) {
    if (seconds <= 0) return std::nullopt;
    return static_cast<int>(std::lround(std::max(seconds * 1000, 1.0)));
}

Result<CommandLine> choose_rpc(const CLI::App& app, Raw& raw) {
    if (raw.rpc_help && raw.rpc.agent.empty()) {
        raw.line.command = PrintCommand{app.help()};
    } else if (raw.rpc_help) {
        raw.line.command = RpcHelpCommand{raw.rpc.agent, raw.rpc.action};
    } else if (raw.rpc.action.empty()) {
        return usage(app, raw.rpc.agent.empty() ? "AGENT and ACTION are missing" : "ACTION is missing");
    } else if (raw.rpc.json_lines && raw.line.common.json) {
        return usage(app, "--json and --jsonl exclude each other");
    } else {
        raw.rpc.retry_busy_ms = to_ms(raw.retry_busy_s).value_or(0);
        raw.line.command = raw.rpc;
    }
    return raw.line;
}

/// One node's inventory takes no filter, but its name may stand behind -I as it does everywhere.
Result<CommandLine> choose_inventory(const CLI::App& app, Raw& raw) {
    filter::FilterTexts& filter = raw.line.node.filter;
    const Result<filter::Filter> parsed = filter::parse_filter(filter);
    if (!parsed) return parsed.error();
    const std::vector<std::string> named = parsed->literal_identities().value_or(std::vector<std::string>());
    InventoryCommand& inventory = raw.inventory;
    if (!inventory.list_collectives && inventory.node.empty() && named.size() == 1) {
        inventory.node = named.front();
        filter = {};
    }
    const bool has_filter = !filter.facts.empty() || !filter.classes.empty() || !filter.agents.empty() ||
                            !filter.identities.empty();
    if (!inventory.list_collectives && inventory.node.empty())
        return usage(app, has_filter ? "NODE is missing: -F, -C, -A and -I find nodes, and this is about one"
                                     : "NODE is missing, or --list-collectives");
    if (!inventory.list_collectives && has_filter)
        return usage(app, "NODE is one node: -F, -C, -A and -I do not go with it");
    if (inventory.node.starts_with('/'))
        return usage(
            app, "NODE is the name of one node; `hocket find -I` names those that an /expression/ is for");
    raw.line.command = inventory;
    return raw.line;
}

Result<CommandLine> choose(const CLI::App& app, Raw& raw) {
    raw.line.node.discovery_timeout_ms = to_ms(raw.discovery_timeout_s);
    raw.line.node.timeout_ms = to_ms(raw.timeout_s);
    raw.line.node.ttl_ms = to_ms(raw.ttl_s);
    const std::string command = chosen(app);
    if (command.ends_with("rpc")) return choose_rpc(app, raw);
    if (command.ends_with("ping")) raw.line.command = PingCommand{};
    if (command.ends_with("find")) raw.line.command = FindCommand{};
    if (command.ends_with("facts")) raw.line.command = raw.facts;
    if (command.ends_with("inventory")) return choose_inventory(app, raw);
    if (command.ends_with("list")) raw.line.command = AgentsListCommand{};
    if (command.ends_with("describe")) raw.line.command = raw.describe;
    if (raw.keys.chosen) raw.line.command = *raw.keys.chosen;
    return raw.line;
}

/// The command whose words were read last.
const CLI::App& innermost(const CLI::App& app) {
    const CLI::App* command = &app;
    while (!command->get_subcommands().empty())
        command = command->get_subcommands().front();
    return *command;
}

/// "; did you mean 'X'?", or nothing.
std::string suggestion_text(const std::string& word, const std::vector<std::string>& candidates) {
    const std::string suggestion = nearest(word, candidates);
    return suggestion.empty() ? "" : "; did you mean '" + suggestion + "'?";
}

/// CLI11 only says that a command is missing.
Error unknown_command(const CLI::App& app, const CLI::App& group, const std::string& word) {
    std::vector<std::string> names;
    for (const CLI::App* command : group.get_subcommands({}))
        names.push_back(command->get_name());
    const std::string suggestion = suggestion_text(word, names);
    return usage(app, "unknown command " + quote_bytes(word) +
                          (suggestion.empty() ? "; the commands are " + join(names, ", ") : suggestion));
}

Error unknown_option(const CLI::App& app, const std::string& word) {
    std::vector<std::string> names;
    for (const CLI::Option* option : innermost(app).get_options()) {
        for (const std::string& name : option->get_lnames())
            names.push_back("--" + name);
    }
    return usage(app, "there is no option " + quote_bytes(word) +
                          (word.starts_with("--") ? suggestion_text(word, names) : ""));
}

/// Its name is that of the command.
bool are_extra(const CLI::ParseError& error) {
    return dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
}

/// The words that CLI11 did not expect. It keeps them, or has them in its message alone, the last one first.
std::vector<std::string> unexpected_words(const CLI::App& app, const CLI::ParseError& error) {
    std::vector<std::string> words = app.remaining(true);
    std::erase(words, "--");
    if (!words.empty() || !are_extra(error)) return words;
    const std::string message = error.what();
    words = split(message.substr(std::min(message.find(": ") + 2, message.size())), ' ');
    std::ranges::reverse(words);
    return words;
}

Error unexpected(const CLI::App& app, const CLI::ParseError& error) {
    const std::vector<std::string> words = unexpected_words(app, error);
    if (words.empty()) return usage(app, error.what());
    if (words.front().starts_with('-')) return unknown_option(app, words.front());
    const CLI::App& command = innermost(app);
    if (!command.get_subcommands({}).empty()) return unknown_command(app, command, words.front());
    if (!are_extra(error)) return usage(app, error.what());
    return usage(app,
                 (words.size() > 1 ? "these words were not expected: " : "this word was not expected: ") +
                     join(words, " "));
}

}  // namespace

Result<CommandLine> parse_command_line(int argc, const char* const* argv) {
    Raw raw;
    CLI::App app("Asks nodes to run actions of their agents, over NATS.", "hocket");
    build(app, raw);
    if (argc < 2) {
        raw.line.command = PrintCommand{app.help(), PrintCommand::Reason::nothing_asked};
        return raw.line;
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForVersion& version) {
        raw.line.command = PrintCommand{std::string(version.what()) + '\n'};
        return raw.line;
    } catch (const CLI::CallForHelp&) {
        raw.line.command = PrintCommand{app.help()};
        return raw.line;
    } catch (const CLI::ParseError& error) {
        return unexpected(app, error);
    }
    return choose(app, raw);
}

}  // namespace hocket::cli
