#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/log.h"

namespace hocket {

/// Tells in the log of messages that are dropped without an answer: of each kind one line in ten seconds at most, so that
/// a flood neither fills the log nor hides another kind.
///
/// Thread: io thread only.
class DropLog {
public:
    DropLog(const Clock& clock, Log& log) : clock_(clock), log_(log) {}

    /// `what` was dropped, such as "an unverified message": always the same for a code.
    void add(const std::string& what, const Error& error);

    /// Tells of those that came since the last line of their kind. Call it now and then: after a flood nothing else does.
    void catch_up();

private:
    struct Kind {
        std::string what;
        std::string reason;  ///< of the newest
        std::optional<std::chrono::steady_clock::time_point> told;
        std::uint64_t since = 0;
    };

    void tell_if_due(ErrorCode code, Kind& kind);

    const Clock& clock_;
    Log& log_;
    std::map<ErrorCode, Kind> kinds_;
};

}  // namespace hocket
