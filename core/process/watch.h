#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/base/file.h"

namespace hocket::process {

/// Waits in the event loop until a descriptor is ready. A destroyed Watch never calls back, so whoever owns one may
/// capture `this`.
///
/// Thread: io thread only.
/// Owns:   the descriptor.
class Watch {
public:
    using Ready = std::function<void()>;

    /// From now on a read or write of the descriptor does not block. Errors: io.
    static Result<Watch> make(const boost::asio::any_io_executor& executor, FileDescriptor descriptor);

    int descriptor() { return stream_.native_handle(); }

    /// Calls once; an error of the descriptor counts as ready, for the next read or write names it.
    void when_readable(Ready ready);

    /// Likewise, for a write that would block.
    void when_writable(Ready ready);

private:
    explicit Watch(const boost::asio::any_io_executor& executor) : stream_(executor) {}
    void wait(boost::asio::posix::descriptor_base::wait_type event, Ready ready);

    boost::asio::posix::stream_descriptor stream_;
    std::shared_ptr<char> alive_ = std::make_shared<char>();
};

/// One moment at a time. A timer that was stopped, started anew or destroyed does not call back for the old moment,
/// not even when that call was already queued.
///
/// Thread: io thread only.
class Timer {
public:
    using Fired = std::function<void()>;

    explicit Timer(const boost::asio::any_io_executor& executor) : timer_(executor) {}

    void start(std::chrono::steady_clock::time_point moment, Fired fired);
    void start(std::chrono::milliseconds delay, Fired fired);
    void stop();

private:
    boost::asio::steady_timer timer_;
    std::shared_ptr<char> current_;  ///< a new one for each moment
};

}  // namespace hocket::process
