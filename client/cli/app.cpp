#include "client/cli/app.h"

#include <algorithm>
#include <csignal>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "client/cli/commands.h"
#include "core/base/clock.h"
#include "core/base/error_json.h"

namespace hocket::cli {

namespace {

/// "hocket: inputs …", and each broken rule on a line of its own when there are several.
std::string error_text(const Error& error, const Style& style) {
    const std::string head = style.red("hocket: ");
    if (error.violations.size() < 2) return head + error.message + '\n';
    std::string text = head + "the inputs break the action's description; nothing was sent\n";
    for (const Violation& each : error.violations)
        text += "  " + each.message + '\n';
    return text;
}

int exit_code_of(ErrorCode code) {
    client::Ending ending;
    ending.error = code;
    return client::exit_code(ending);
}

/// What standard output has of an error; standard error always has its text.
enum class ErrorForm { none, document, line };

ErrorForm error_form(const CommandLine& line) {
    if (line.common.json) return ErrorForm::document;
    const auto* const rpc = std::get_if<RpcCommand>(&line.command);
    return rpc != nullptr && rpc->json_lines ? ErrorForm::line : ErrorForm::none;
}

/// Of a command line that cannot be read.
ErrorForm error_form(int argc, const char* const* argv) {
    const auto has = [&](std::string_view option) {
        return std::find(argv, argv + argc, option) != argv + argc;
    };
    if (has("--json")) return ErrorForm::document;
    return has("--jsonl") ? ErrorForm::line : ErrorForm::none;
}

int fail(const Error& error, ErrorForm form, const Console& console) {
    const int exit_code = exit_code_of(error.code);
    Json json = error_json(error, exit_code);
    if (form == ErrorForm::document) console.out(dump_json_pretty(json) + '\n');
    if (form == ErrorForm::line) {
        json["type"] = "error";
        console.out(dump_json(json) + '\n');
    }
    console.err(error_text(error, console.err_style));
    return exit_code;
}

Result<client::ClientConfig> configure(const CommandLine& line, const client::Environment& environment) {
    client::ConfigSources sources;
    sources.file = line.common.config_file;
    sources.environment = environment;
    Result<client::ClientConfig> config = client::load_config(sources);
    if (!config) return config;
    if (line.node.collective) config->collective = *line.node.collective;
    if (line.node.discovery_timeout_ms) config->discovery.listen_ms = line.node.discovery_timeout_ms;
    if (line.node.timeout_ms) config->timeout_ms = line.node.timeout_ms;
    if (line.node.ttl_ms) config->ttl_ms = *line.node.ttl_ms;
    return config;
}

/// Runs the commands that speak to nodes.
class NodeCommands {
public:
    NodeCommands(const CommandLine& line, Conversation& conversation)
        : line_(line), conversation_(conversation) {}

    Result<int> operator()(const PingCommand&) { return run_ping(line_, conversation_); }
    Result<int> operator()(const FindCommand&) { return run_find(line_, conversation_); }
    Result<int> operator()(const InventoryCommand& command) {
        return run_inventory(line_, command, conversation_);
    }
    Result<int> operator()(const FactsCommand& command) { return run_facts(line_, command, conversation_); }
    Result<int> operator()(const RpcCommand& command) { return run_rpc(line_, command, conversation_); }
    Result<int> operator()(const RpcHelpCommand& command) { return run_rpc_help(command, conversation_); }
    Result<int> operator()(const AgentsListCommand&) { return run_agents_list(line_, conversation_); }
    Result<int> operator()(const AgentsDescribeCommand& command) {
        return run_agents_describe(line_, command, conversation_);
    }
    template <class Other>
    Result<int> operator()(const Other&) {
        return Error{ErrorCode::internal, "a command without nodes", {}};
    }

private:
    const CommandLine& line_;
    Conversation& conversation_;
};

/// Runs the commands that need nobody.
struct KeysCommands {
    const CommandLine& line;
    const Console& console;

    Result<int> operator()(const PskNewCommand& command) { return run_psk_new(line, command, console); }
    Result<int> operator()(const PskDeriveCommand& command) { return run_psk_derive(line, command, console); }
    Result<int> operator()(const CaInitCommand& command) { return run_ca_init(line, command, console); }
    Result<int> operator()(const CertIssueCommand& command) { return run_cert_issue(line, command, console); }
    Result<int> operator()(const CertRenewCommand& command) { return run_cert_renew(line, command, console); }
    Result<int> operator()(const CertShowCommand& command) { return run_cert_show(line, command, console); }
    Result<int> operator()(const CertRevokeCommand& command) {
        return run_cert_revoke(line, command, console);
    }
    Result<int> operator()(const CrlCommand& command) { return run_crl(line, command, console); }
};

Result<int> run_with_nodes(const CommandLine& line, const Console& console,
                           const client::Environment& environment) {
    Result<client::ClientConfig> config = configure(line, environment);
    if (!config) return config.error();
    const SystemClock clock;
    boost::asio::io_context io(1);
    const auto connect = [&clock](boost::asio::io_context& context, client::ClientConfig chosen) {
        return client::Session::open(context, std::move(chosen), clock);
    };
    Conversation conversation(io, std::move(*config), connect, console);
    conversation.catch_signals();
    return std::visit(NodeCommands(line, conversation), line.command);
}

Result<int> run_command(const CommandLine& line, const Console& console,
                        const client::Environment& environment) {
    if (const auto* print = std::get_if<PrintCommand>(&line.command)) {
        if (print->reason == PrintCommand::Reason::asked) {
            console.out(print->text);
            return 0;
        }
        console.err(print->text);
        return exit_code_of(ErrorCode::usage);
    }
    if (const auto* keys = std::get_if<KeysCommand>(&line.command))
        return std::visit(KeysCommands{line, console}, *keys);
    return run_with_nodes(line, console, environment);
}

}  // namespace

int run(int argc, const char* const* argv) {
    // A reader that goes away is seen as a failed write.
    std::signal(SIGPIPE, SIG_IGN);
    const client::Environment environment = client::process_environment();
    const Result<CommandLine> line = parse_command_line(argc, argv);
    if (!line) {
        return fail(line.error(), error_form(argc, argv), process_console(ColorMode::automatic, environment));
    }
    const Console console = process_console(line->common.color, environment);
    const Result<int> done = run_command(*line, console, environment);
    const int exit_code = done ? *done : fail(done.error(), error_form(*line), console);
    const Result<void> whole = console.check_out();
    return whole ? exit_code : fail(whole.error(), ErrorForm::none, console);
}

}  // namespace hocket::cli
