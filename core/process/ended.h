#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>

#include "core/base/error.h"
#include "core/process/capture.h"

namespace hocket::process {

struct Exited {
    int code;
};
struct Signaled {
    int signal;
};
/// The deadline passed while the leader ran, whatever it wrote before or in the grace.
struct TimedOut {};
struct OutputTooLarge {};
/// By Handle::stop().
struct Stopped {};
/// Descriptor 3 was closed after a reply (ReplyTime::on_close); the leader may still run.
struct Replied {};
struct LaunchFailed {
    Error error;
};

using End = std::variant<Exited, Signaled, TimedOut, OutputTooLarge, Stopped, Replied, LaunchFailed>;

struct Ended {
    End end;
    std::string output;       ///< from stdout, at most Spec::max_output_bytes; an excerpt, if it is log
    std::string reply;        ///< from descriptor 3 or Spec::reply_file, at most Spec::max_output_bytes
    bool reply_used = false;  ///< a byte was read from there: that is the reply, and stdout is log
    Excerpt errors;           ///< from stderr
    std::chrono::milliseconds duration{0};
    bool ran_out_of_memory = false;  ///< something was killed for CgroupLimits::memory_bytes
    std::size_t killed_orphans = 0;  ///< left behind by the leader, or still there when the grace was over
};

}  // namespace hocket::process
