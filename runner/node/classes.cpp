#include "runner/node/classes.h"

#include <sys/stat.h>
#include <utility>

#include "core/base/file.h"
#include "core/base/text.h"

namespace hocket::node {

namespace {

constexpr std::size_t k_max_file_bytes = 1U << 20U;

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

Classes::Classes(std::filesystem::path file, Log& log) : file_(std::move(file)), log_(log) {}

const std::vector<std::string>& Classes::current() {
    if (file_.empty()) return classes_;
    const Stamp stamp = stamp_of(file_);
    if (has_read_ && stamp == stamp_) return classes_;
    has_read_ = true;
    stamp_ = stamp;
    reload();
    return classes_;
}

Classes::Stamp Classes::stamp_of(const std::filesystem::path& file) {
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0) return {};
    return {status.st_dev, status.st_ino, status.st_size, nanoseconds(status.st_mtim),
            nanoseconds(status.st_ctim)};
}

void Classes::reload() {
    classes_.clear();
    const Result<std::string> content = read_file(file_, k_max_file_bytes);
    if (!content) {
        log_.warn("no classes", {{"error", content.error().message}});
        return;
    }
    for (const std::string& line : split(to_utf8(*content), '\n')) {
        const std::string_view name = trim(line);
        if (!name.empty() && !name.starts_with('#')) classes_.emplace_back(name);
    }
}

}  // namespace hocket::node
