#include "core/process/input.h"

#include <cerrno>
#include <unistd.h>
#include <utility>

namespace hocket::process {

Input::Input(boost::asio::any_io_executor executor, FileDescriptor pipe, std::string bytes)
    : executor_(std::move(executor)), pipe_(std::move(pipe)), bytes_(std::move(bytes)) {
    write_all();
}

void Input::write_all() {
    while (written_ < bytes_.size()) {
        if (!write_some()) return;
    }
    close();
}

/// False when there is nothing more to do now.
bool Input::write_some() {
    const int descriptor = watch_ ? watch_->descriptor() : pipe_.get();
    const ssize_t count = ::write(descriptor, bytes_.data() + written_, bytes_.size() - written_);
    if (count >= 0) {
        written_ += static_cast<std::size_t>(count);
        return true;
    }
    if (errno == EINTR) return true;
    if (errno != EAGAIN) {  // EPIPE: nobody reads any more
        close();
        return false;
    }
    if (!watch_) {
        Result<Watch> watch = Watch::make(executor_, std::move(pipe_));
        if (!watch) {
            close();
            return false;
        }
        watch_ = std::move(*watch);
    }
    watch_->when_writable([this] { write_all(); });
    return false;
}

void Input::close() {
    watch_.reset();
    pipe_.reset();
    bytes_ = {};
    written_ = 0;
}

}  // namespace hocket::process
