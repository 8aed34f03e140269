#pragma once

#include <memory>

#include "runner/workbench/commands.h"
#include "runner/workbench/workbench.h"

namespace hocket::workbench {

/// A call that is ready to be made, as often as one likes.
struct Call {
    std::unique_ptr<Workbench> bench;
    const ddl::Action* action;  ///< null: the agent has none of that name, as the answer will say
    Question question;
};

/// Loads the agent, and reads the inputs in the types that the DDL gives them.
/// Errors: those of Workbench::open(); usage for what is no input; invalid_input for another type, for a file that cannot be
/// read, and for what is given twice.
Result<Call> prepare_call(const CallOptions& options, Log& log);

/// What a node would warn of when it loads the agent, on stderr.
void show_warnings(const Workbench& bench);

/// Of a command that called: 0, 65 for inputs that break the description, 1 for all else.
int exit_code_of(Outcome outcome);

/// Says it on stderr, and with --json on stdout too, and returns its exit code.
int fail(const Error& error, const CallOptions& options);

}  // namespace hocket::workbench
