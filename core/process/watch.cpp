#include "core/process/watch.h"

#include <utility>

namespace hocket::process {

Result<Watch> Watch::make(const boost::asio::any_io_executor& executor, FileDescriptor descriptor) {
    Watch watch(executor);
    boost::system::error_code error;
    watch.stream_.assign(descriptor.get(), error);
    if (!error) {
        descriptor.release();
        watch.stream_.non_blocking(true, error);
    }
    if (error) return Error{ErrorCode::io, "cannot watch a child's descriptor: " + error.message(), {}};
    return watch;
}

void Watch::when_readable(Ready ready) {
    wait(boost::asio::posix::descriptor_base::wait_read, std::move(ready));
}

void Watch::when_writable(Ready ready) {
    wait(boost::asio::posix::descriptor_base::wait_write, std::move(ready));
}

void Watch::wait(boost::asio::posix::descriptor_base::wait_type event, Ready ready) {
    stream_.async_wait(event, [alive = std::weak_ptr<char>(alive_),
                               ready = std::move(ready)](const boost::system::error_code&) {
        if (!alive.expired()) ready();
    });
}

void Timer::start(std::chrono::steady_clock::time_point moment, Fired fired) {
    current_ = std::make_shared<char>();
    timer_.expires_at(moment);
    timer_.async_wait([current = std::weak_ptr<char>(current_),
                       fired = std::move(fired)](const boost::system::error_code&) {
        if (!current.expired()) fired();
    });
}

void Timer::start(std::chrono::milliseconds delay, Fired fired) {
    start(std::chrono::steady_clock::now() + delay, std::move(fired));
}

void Timer::stop() {
    current_.reset();
    timer_.cancel();
}

}  // namespace hocket::process
