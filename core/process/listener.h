#pragma once

#include <functional>
#include <string_view>

#include "core/process/ended.h"

namespace hocket::process {

/// What a child writes into.
enum class Channel { output, errors, reply };

/// Who wants to know of an execution. All are called from the event loop, on the io thread, and none may destroy the
/// supervisor.
struct Listener {
    /// Exactly once; a launch that failed comes this way as well.
    std::function<void(Ended)> done;

    /// After it, when nothing is left that counts as running: much later than `done` only after Replied, or when something
    /// does not go after KILL. May be empty.
    std::function<void()> gone = {};

    /// Each piece as it is read; after Replied, or when something does not end, also after `done`. What was written to stderr before a piece of the reply was, comes before it.
    /// May be empty.
    std::function<void(Channel, std::string_view bytes)> heard = {};
};

}  // namespace hocket::process
