#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "core/process/watch.h"

namespace hocket::process {

/// Writes into the stdin of a child, which may take it when it likes.
///
/// Thread: io thread only.
/// Owns:   our end of the pipe. What was not taken when it is destroyed is lost.
class InputPipe {
public:
    explicit InputPipe(Watch watch) : watch_(std::move(watch)) {}
    InputPipe(const InputPipe&) = delete;
    InputPipe& operator=(const InputPipe&) = delete;

    void write(std::string bytes);

    /// How much the child has not read; nothing when it has closed its end.
    std::optional<std::size_t> unread();

    /// Nothing more comes. True when all has been written, and so this object may go; else `written` will be called.
    bool close(Watch::Ready written);

private:
    /// True when nothing is left, or nobody reads.
    bool flush();
    void wait();

    Watch watch_;
    std::string pending_;
    std::size_t written_ = 0;  ///< of what is pending
    bool is_waiting_ = false;
    Watch::Ready when_written_;
};

}  // namespace hocket::process
