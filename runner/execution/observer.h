#pragma once

#include <string_view>

#include "core/process/ended.h"
#include "core/process/listener.h"
#include "core/process/spec.h"

namespace hocket::execution {

/// Who wants to see what goes into agents' processes and what comes out. Thread: io thread only.
class Observer {
public:
    virtual ~Observer() = default;

    virtual void started(const process::Spec& spec) = 0;

    /// To a process that was there already: one on standby, or a worker.
    virtual void given(std::string_view input) = 0;

    /// To stdout or stderr by a worker.
    virtual void printed(process::Channel channel, std::string_view bytes) = 0;

    /// By a worker, which lives on.
    virtual void replied(std::string_view line) = 0;

    virtual void ended(const process::Ended& ended) = 0;
};

}  // namespace hocket::execution
