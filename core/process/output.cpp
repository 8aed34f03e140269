#include "core/process/output.h"

#include <array>
#include <cerrno>
#include <unistd.h>
#include <utility>

namespace hocket::process {

namespace {

constexpr std::size_t k_read_bytes = 65536;

// The largest pipe that a process without privileges may make has 1 MiB; who writes faster than we read is cut off.
constexpr int k_reads_of_a_full_pipe = 16;

}  // namespace

Output::Output(Watch watch, Sink sink, Ended ended)
    : watch_(std::move(watch)), sink_(std::move(sink)), ended_(std::move(ended)) {
    wait();
}

void Output::drain() {
    for (int reads = 0; reads < k_reads_of_a_full_pipe && !at_end_; ++reads) {
        if (read_once() != Progress::some) return;
    }
}

void Output::wait() {
    watch_.when_readable([this] {
        // One read each time: a chatty child does not keep the others waiting.
        if (!at_end_ && read_once() != Progress::end) wait();
    });
}

Output::Progress Output::read_once() {
    std::array<char, k_read_bytes> buffer;
    const ssize_t count = ::read(watch_.descriptor(), buffer.data(), buffer.size());
    if (count > 0) {
        sink_({buffer.data(), static_cast<std::size_t>(count)});
        return Progress::some;
    }
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return Progress::none_now;
    at_end_ = true;
    ended_();
    return Progress::end;
}

}  // namespace hocket::process
