#include "runner/node/classes.h"

#include <utility>

#include "core/base/file.h"
#include "core/base/text.h"

namespace hocket::node {

namespace {

constexpr std::size_t k_max_file_bytes = 1U << 20U;

}  // namespace

Classes::Classes(std::filesystem::path file, Log& log) : file_(std::move(file)), log_(log) {}

const std::vector<std::string>& Classes::current() {
    if (file_.empty()) return classes_;
    const FileStamp stamp = stamp_of(file_);
    if (has_read_ && stamp == stamp_) return classes_;
    has_read_ = true;
    stamp_ = stamp;
    reload();
    return classes_;
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
