#include "core/process/input_pipe.h"

#include <cerrno>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace hocket::process {

void InputPipe::write(std::string bytes) {
    if (pending_.empty()) {
        pending_ = std::move(bytes);
    } else {
        pending_ += bytes;
    }
    if (!is_waiting_ && !flush()) wait();
}

std::optional<std::size_t> InputPipe::unread() {
    pollfd end{watch_.descriptor(), POLLOUT, 0};
    int in_pipe = 0;
    const bool is_asked = ::poll(&end, 1, 0) >= 0 && ::ioctl(end.fd, FIONREAD, &in_pipe) == 0;
    if (!is_asked || (end.revents & POLLERR) != 0) return std::nullopt;
    return pending_.size() - written_ + static_cast<std::size_t>(in_pipe);
}

bool InputPipe::close(Watch::Ready written) {
    if (pending_.empty()) return true;
    when_written_ = std::move(written);
    return false;
}

bool InputPipe::flush() {
    while (written_ < pending_.size()) {
        const ssize_t count =
            ::write(watch_.descriptor(), pending_.data() + written_, pending_.size() - written_);
        if (count >= 0) {
            written_ += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN) {
            return false;
        } else if (errno != EINTR) {
            break;  // nobody reads any more, as the end of the child will tell
        }
    }
    pending_.clear();
    written_ = 0;
    return true;
}

void InputPipe::wait() {
    is_waiting_ = true;
    watch_.when_writable([this] {
        is_waiting_ = false;
        if (!flush()) return wait();
        if (when_written_) std::exchange(when_written_, nullptr)();
    });
}

}  // namespace hocket::process
