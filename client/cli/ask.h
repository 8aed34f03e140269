#pragma once

#include <map>
#include <string>

#include "client/cli/command_line.h"
#include "client/cli/conversation.h"
#include "client/cli/report.h"

namespace hocket::cli {

/// Asks the built-in agent `rpcutil` of every node that the command line's filter matches. The report has no DDL: the
/// caller shows the answers in a form of its own.
/// Errors: usage, those of resolve() and Conversation::call.
Result<Report> ask_rpcutil(const CommandLine& line, const std::string& action, Json inputs,
                           Conversation& conversation);

/// The data of those that answered `ok`, by identity.
std::map<std::string, Json> data_by_identity(const Report& report);

/// For standard error, beside those: the replies that are not ok, and the summary; or why nobody was found.
std::string rest_text(const CommandLine& line, const Report& report, const Conversation& conversation);

}  // namespace hocket::cli
