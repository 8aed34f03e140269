/// hocket-agent is for authors of agents: it runs an action as a node would, on this machine and without a node.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string_view>

#include <CLI/CLI.hpp>

#include "core/base/error_json.h"
#include "core/base/standard_streams.h"
#include "core/wire/request.h"
#include "hocket_version.h"
#include "runner/workbench/commands.h"

namespace {

using namespace hocket;

constexpr int k_usage = 64;
constexpr int k_io = 70;
constexpr int k_max_runs = 100'000;
constexpr int k_max_pause_ms = 60'000;
constexpr double k_max_timeout_s = static_cast<double>(wire::k_max_timeout_ms) / 1000;

enum class ActionIs { required, optional };

CLI::App& add_command(CLI::App& app, const char* name, const char* what, workbench::CallOptions& options,
                      ActionIs action) {
    CLI::App* const command = app.add_subcommand(name, what);
    command->add_option("FOLDER", options.folder, "The agent's folder")->required();
    command->add_option("ACTION", options.action, "The action")->required(action == ActionIs::required);
    command->add_option("INPUT", options.inputs,
                        "name=value, name:=JSON or name=@FILE; an array's elements one by one, too");
    command->add_flag("--noop", options.noop, "Only say what would be done");
    command->add_option("-t,--timeout", options.timeout_s, "Seconds, instead of the description's")
        ->check(CLI::Range(0.001, k_max_timeout_s));
    command->add_option("--search-path", options.search_path, "PATH of the agent, as in runner.toml");
    command->add_flag("--json", options.json, "One JSON object");
    return *command;
}

void print_error(const Error& error) {
    std::printf("%s\n", dump_json_pretty(error_json(error, disposition(error.code).exit_code)).c_str());
}

int run(int argc, char** argv) {
    CLI::App app("For authors of agents: runs an action as a node does, here and now, without a node",
                 "hocket-agent");
    app.set_version_flag("--version", std::string("hocket-agent ") + k_version);
    app.require_subcommand(1);
    app.footer(
        "Examples:\n"
        "  hocket-agent run ./disk usage path=/var --trace\n"
        "  hocket-agent check ./disk\n"
        "  hocket-agent watch ./disk usage path=/var\n"
        "  hocket-agent bench ./disk usage path=/var\n\n"
        "Exit codes: 0 ok, 1 another outcome, or an error in a check, 64 usage, 65 inputs, 70 standard "
        "output or "
        "this machine, 78 a description that cannot be used.");
    workbench::CallOptions options;
    workbench::RunOptions run_options;
    bool shows_sensitive = false;
    int runs = 100;
    int pause_ms = -1;
    CLI::App& run_command =
        add_command(app, "run", "Run an action of the agent in a folder", options, ActionIs::required);
    run_command.add_flag("--trace", run_options.trace,
                         "Show command, environment, stdin, what was printed where, limits");
    run_command.add_flag("--show-sensitive", shows_sensitive,
                         "Show what the description calls sensitive, and undeclared outputs");
    CLI::App& bench_command = add_command(app, "bench", "Run it again and again, and tell how long it takes",
                                          options, ActionIs::required);
    CLI::App& check_command = add_command(
        app, "check",
        "Say what is good and bad about an agent: read it, run what changes nothing, or the action "
        "that is named, and measure its start",
        options, ActionIs::optional);
    CLI::App& watch_command =
        add_command(app, "watch", "Check the agent, or run its action, whenever it is saved", options,
                    ActionIs::optional);
    bench_command.add_option("-n,--runs", runs, "How often")
        ->check(CLI::Range(1, k_max_runs))
        ->capture_default_str();
    bench_command
        .add_option("--pause", pause_ms,
                    "Milliseconds before each run, in which processes on standby get ready; 60 for an agent "
                    "on standby, else none")
        ->check(CLI::Range(0, k_max_pause_ms));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (app.exit(error) == 0) return 0;
        const bool json = std::find(argv, argv + argc, std::string_view("--json")) != argv + argc;
        if (json) print_error({ErrorCode::usage, error.what(), {}});
        return k_usage;
    }
    if (shows_sensitive) run_options.sensitive = workbench::Sensitive::shown;
    if (check_command.parsed()) return workbench::check_folder(options);
    if (watch_command.parsed()) return workbench::watch_folder(options);
    return bench_command.parsed() ? workbench::time_action(options, runs, pause_ms)
                                  : workbench::run_action(options, run_options);
}

}  // namespace

int main(int argc, char** argv) {
    occupy_standard_streams();
    try {
        const int code = run(argc, argv);
        if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
        std::fputs("hocket-agent: cannot write to standard output\n", stderr);
        return k_io;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hocket-agent: %s\n", error.what());
        return k_io;
    }
}
