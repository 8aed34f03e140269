#pragma once

#include <CLI/CLI.hpp>

#include "client/cli/command_line.h"

namespace hocket::cli {

/// A number within bounds, which NaN is not, without CLI11's words about them in the help.
CLI::Validator within(double minimum, double maximum);

/// Of no option and no word an empty text means anything: it is what a shell makes of a variable that is not set.
void refuse_empty_values(CLI::App& app);

/// The options that every command takes.
void add_common(CLI::App& app, CommonOptions& common);

/// A command with these options; `footer` is the end of its help.
CLI::App& add_command(CLI::App& parent, const char* name, const char* help, const char* footer,
                      CommonOptions& common);

/// A command that only holds others.
CLI::App& add_group(CLI::App& parent, const char* name, const char* help, const char* footer);

}  // namespace hocket::cli
