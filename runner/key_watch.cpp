#include "runner/key_watch.h"

#include <algorithm>

namespace hocket {

void KeyWatch::watch(std::vector<std::filesystem::path> files, std::chrono::milliseconds interval) {
    files_ = std::move(files);
    interval_ = interval;
    seen_ = stamps();
    wait();
}

std::vector<FileStamp> KeyWatch::stamps() const {
    std::vector<FileStamp> found(files_.size());
    std::ranges::transform(files_, found.begin(), &stamp_of);
    return found;
}

void KeyWatch::wait() {
    timer_.expires_after(interval_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        std::vector<FileStamp> now = stamps();
        const bool changed = now != seen_;
        seen_ = std::move(now);
        wait();
        if (changed) changed_();
    });
}

}  // namespace hocket
