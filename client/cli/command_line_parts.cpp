#include "client/cli/command_line_parts.h"

#include <map>
#include <sstream>

#include "core/base/text.h"

namespace hocket::cli {

CLI::Validator within(double minimum, double maximum) {
    // CLI::Range refuses what is smaller or larger, and NaN is neither.
    return CLI::Validator(
        [minimum, maximum](std::string& text) -> std::string {
            double number = 0;
            if (CLI::detail::lexical_cast(text, number) && number >= minimum && number <= maximum) return {};
            std::ostringstream message;
            message.precision(10);
            message << quote_bytes(text) << " is no number from " << minimum << " to " << maximum;
            return message.str();
        },
        "");
}

namespace {

/// As CLI::CheckedTransformer, whose message shows its table.
CLI::Validator color_word() {
    return CLI::Validator(
        [](std::string& word) -> std::string {
            const std::map<std::string, ColorMode> colors = {
                {"auto", ColorMode::automatic}, {"always", ColorMode::always}, {"never", ColorMode::never}};
            const auto found = colors.find(word);
            if (found == colors.end()) return "must be auto, always or never, not " + quote_bytes(word);
            word = std::to_string(static_cast<int>(found->second));
            return {};
        },
        "");
}

}  // namespace

void refuse_empty_values(CLI::App& app) {
    const CLI::Validator not_empty(
        [](std::string& text) -> std::string { return text.empty() ? "is empty" : std::string(); }, "");
    for (CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
        if (option->get_items_expected_max() > 0) option->check(not_empty);
    }
    for (CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        refuse_empty_values(*command);
}

void add_common(CLI::App& app, CommonOptions& common) {
    app.add_option("--config", common.config_file, "Read this file only, instead of the usual ones")
        ->type_name("FILE");
    app.add_option("--color", common.color, "auto, always or never")
        ->transform(color_word())
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
