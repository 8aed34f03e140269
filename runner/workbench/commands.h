#pragma once

#include <string>
#include <vector>

namespace hocket::workbench {

/// What every command of hocket-agent is told: an agent, one of its actions, and how to call it.
struct CallOptions {
    std::string folder;
    std::string action;               ///< may be empty for check and watch
    std::vector<std::string> inputs;  ///< as `hocket rpc` takes them
    double timeout_s = 0;             ///< 0: the DDL's
    std::string search_path;          ///< PATH of the agent; empty: that of a node
    bool noop = false;
    bool json = false;
};

/// Whether what the DDL calls sensitive is shown.
enum class Sensitive { hidden, shown };

struct RunOptions {
    bool trace = false;
    Sensitive sensitive = Sensitive::hidden;
};

/// Each prints to stdout, errors to stderr, and returns an exit code: 0 ok, 65 inputs that break the description, 1 another
/// outcome, else the error's. With --json what stands on stdout is always JSON, of an error too.

int run_action(const CallOptions& options, const RunOptions& run);

/// Runs it again and again, as long as it is ok, with a pause before each run (-1: one for an agent on
/// standby alone), and tells how long it took.
int time_action(const CallOptions& options, int runs, int pause_ms);

/// Says what is good and bad about the agent; see AgentCheck. 1: something is wrong.
int check_folder(const CallOptions& options);

/// Checks the agent, or runs its action, whenever something in the folder or the `lib` beside it is saved. Does not return, but
/// for a folder that is not there.
int watch_folder(const CallOptions& options);

}  // namespace hocket::workbench
