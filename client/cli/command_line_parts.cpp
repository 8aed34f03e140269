#include "client/cli/command_line_parts.h"

#include <map>

namespace hocket::cli {

CLI::Validator within(double minimum, double maximum) {
    return CLI::Range(minimum, maximum).description("");
}

void add_common(CLI::App& app, CommonOptions& common) {
    const std::map<std::string, ColorMode> colors = {
        {"auto", ColorMode::automatic}, {"always", ColorMode::always}, {"never", ColorMode::never}};
    app.add_option("--config", common.config_file, "Read this file only, instead of the usual ones")
        ->type_name("FILE");
    app.add_option("--color", common.color, "auto, always or never")
        ->transform(CLI::CheckedTransformer(colors).description(""))
        ->type_name("WHEN");
    app.add_flag("--json", common.json, "One JSON document on standard output");
    app.add_flag("-v,--verbose", common.verbose, "Show more");
}

CLI::App& add_command(CLI::App& parent, const char* name, const char* help, const char* footer,
                      CommonOptions& common) {
    CLI::App& command = *parent.add_subcommand(name, help);
    command.footer(footer);
    add_common(command, common);
    return command;
}

CLI::App& add_group(CLI::App& parent, const char* name, const char* help, const char* footer) {
    CLI::App& group = *parent.add_subcommand(name, help);
    group.footer(footer);
    group.fallthrough();
    group.require_subcommand(1);
    return group;
}

}  // namespace hocket::cli
