#pragma once

#include <functional>
#include <string_view>

#include "core/process/watch.h"

namespace hocket::process {

/// Reads one pipe of a child until its end: until every holder of the other side has closed it.
///
/// Thread: io thread only. `sink` and `ended` are called from the event loop, or from inside drain().
/// Owns:   the reading side of the pipe; both callbacks end with this object.
class Output {
public:
    using Sink = std::function<void(std::string_view bytes)>;
    using Ended = std::function<void()>;

    Output(Watch watch, Sink sink, Ended ended);
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    bool at_end() const { return at_end_; }
    int descriptor() { return watch_.descriptor(); }

    /// Reads what is in the pipe now, without waiting for more.
    void drain();

private:
    enum class Progress { some, none_now, end };

    void wait();
    Progress read_once();

    Watch watch_;
    Sink sink_;
    Ended ended_;
    bool at_end_ = false;
};

}  // namespace hocket::process
