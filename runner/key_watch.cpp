#include "runner/key_watch.h"

#include <sys/stat.h>

namespace hocket {

void KeyWatch::watch(std::vector<std::filesystem::path> files, std::chrono::milliseconds interval) {
    files_ = std::move(files);
    interval_ = interval;
    seen_ = stamps();
    wait();
}

std::vector<KeyWatch::Stamp> KeyWatch::stamps() const {
    std::vector<Stamp> found;
    for (const std::filesystem::path& file : files_) {
        struct stat status{};
        Stamp stamp;
        if (::stat(file.c_str(), &status) == 0) {
            stamp = {status.st_ino, status.st_size,
                     status.st_ctim.tv_sec * 1'000'000'000 + status.st_ctim.tv_nsec};
        }
        found.push_back(stamp);
    }
    return found;
}

void KeyWatch::wait() {
    timer_.expires_after(interval_);
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (error) return;
        std::vector<Stamp> now = stamps();
        const bool changed = now != seen_;
        seen_ = std::move(now);
        wait();
        if (changed) changed_();
    });
}

}  // namespace hocket
