#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/process/cgroup.h"
#include "core/process/launch.h"
#include "core/process/run_as.h"

namespace hocket::process {

/// What becomes of the processes that the leader leaves behind when it ends by itself.
enum class Orphans {
    kill,
    keep,  ///< they live on; when the deadline or a cap is passed they are killed all the same
};

/// What becomes of it when this process stops while the leader runs.
enum class AtStop {
    end,    ///< the tree is killed
    leave,  ///< if it has a deadline it goes on; hocket-linger reads and drops its output, and keeps that
};

/// What the child finds on descriptor 0.
enum class Stdin {
    file,  ///< all of Spec::input, then the end
    pipe,  ///< Spec::input, and what Handle::write() adds, until Handle::close_input()
};

enum class ReplyTime {
    on_exit,   ///< when the leader has exited and the reply channel is at its end
    on_close,  ///< as soon as descriptor 3 is closed, if a byte came from it; else as on_exit
};

/// Something that the child finds in its scratch folder, for itself alone.
struct ScratchFile {
    std::string name;  ///< without a `/`
    std::string contents;
};

/// One execution, as the agent contract wants it (spec/agent.md).
struct Spec {
    std::string executable;
    std::vector<std::string> argv;
    std::vector<std::string> environment;  ///< complete; holds HOCKET_EXECUTION_ID=<execution_id>
    std::string working_directory;
    Stdin standard_input = Stdin::file;
    std::string input;
    bool has_reply_channel = true;  ///< descriptor 3; else stdout alone is the reply
    std::string execution_id;       ///< marks the tree: unique, not to be guessed

    bool keeps_output = true;  ///< false: stdout and 3 are only told to Listener::heard, and have no limit
    std::size_t max_output_bytes =
        1032192;  ///< of the reply channel: descriptor 3, and stdout until 3 is used; or of reply_file
    std::size_t max_stderr_bytes =
        131072;  ///< of more, the middle is left out; so it is of stdout that is log

    std::optional<std::chrono::steady_clock::time_point> deadline;  ///< none: see Handle
    std::chrono::milliseconds grace_ms{5000};  ///< from TERM to KILL, when the deadline has passed
    std::chrono::milliseconds drain_ms{
        1000};  ///< for a reply channel that is still open when the leader has exited

    Orphans orphans = Orphans::kill;
    AtStop at_stop = AtStop::end;
    ReplyTime reply_time = ReplyTime::on_exit;
    ChildTraits traits;
    CgroupLimits cgroup_limits;  ///< hold if there is a cgroup, and Supervisor::enable() was successful
    std::string scratch_folder;  ///< is made for the execution and removed after it; empty: none
    std::vector<ScratchFile>
        scratch_files;  ///< are in it before the child starts, and are the child's user's
    std::string
        reply_file;  ///< one of them: the reply of a leader that exits with 0; there is no descriptor 3, and stdout is log
    std::optional<RunAs> run_as;
};

}  // namespace hocket::process
