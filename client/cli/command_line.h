#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "client/cli/console.h"
#include "client/cli/keys_commands.h"
#include "core/base/result.h"
#include "core/filter/filter.h"

namespace hocket::cli {

/// Options that every command takes.
struct CommonOptions {
    std::optional<std::filesystem::path> config_file;
    ColorMode color = ColorMode::automatic;
    bool json = false;
    bool verbose = false;
};

/// Options of the commands that speak to nodes.
struct NodeOptions {
    filter::FilterTexts filter;
    std::optional<std::string> collective;
    std::optional<int> discovery_timeout_ms;
    std::optional<int> timeout_ms;
    std::optional<int> ttl_ms;
};

struct PingCommand {};

struct FindCommand {};

/// One node's, or how many nodes are in each collective.
struct InventoryCommand {
    std::string node;
    bool list_collectives = false;
};

struct FactsCommand {
    std::string fact;
};

struct RpcCommand {
    std::string agent;
    std::string action;
    std::vector<std::string> inputs;
    bool noop = false;
    bool yes = false;  ///< also what is destructive, without a question
    bool json_lines = false;
    bool show_sensitive = false;
    int retry_busy_ms = 0;
};

/// `rpc AGENT [ACTION] --help`
struct RpcHelpCommand {
    std::string agent;
    std::string action;  ///< empty: the agent
};

struct AgentsListCommand {};

struct AgentsDescribeCommand {
    std::string agent;
    std::string action;  ///< empty: the agent
};

/// What the command line asks for when it is only text: help, the version.
struct PrintCommand {
    enum class Reason { asked, nothing_asked };

    std::string text;
    Reason reason = Reason::asked;
};

struct CommandLine {
    CommonOptions common;
    NodeOptions node;
    std::variant<PrintCommand, PingCommand, FindCommand, InventoryCommand, FactsCommand, RpcCommand,
                 RpcHelpCommand, AgentsListCommand, AgentsDescribeCommand, KeysCommand>
        command;
};

/// Errors: usage, with the command whose --help tells more.
Result<CommandLine> parse_command_line(int argc, const char* const* argv);

}  // namespace hocket::cli
