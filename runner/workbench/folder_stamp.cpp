#include "runner/workbench/folder_stamp.h"

#include <algorithm>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace hocket::workbench {

namespace {

namespace fs = std::filesystem;

constexpr const char* k_compiled = "__pycache__";

std::uint64_t nanoseconds(const timespec& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000U +
           static_cast<std::uint64_t>(time.tv_nsec);
}

}  // namespace

FolderStamp::FolderStamp(const std::vector<fs::path>& folders, Depth depth) {
    for (const fs::path& folder : folders)
        add(folder, depth);
}

void FolderStamp::add(const fs::path& folder, Depth depth) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string path = entry->path().string();
        struct stat status{};
        if (entry->path().filename() == k_compiled || ::stat(path.c_str(), &status) != 0) continue;
        if (!S_ISDIR(status.st_mode)) {
            entries_[path] = {status.st_ino, static_cast<std::uint64_t>(status.st_size),
                              nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
            continue;
        }
        entries_[path] = {};  // its times are those of what is in it
        if (depth == Depth::and_its_folders) add(entry->path(), Depth::itself);
    }
}

std::vector<std::string> FolderStamp::changed_since(const FolderStamp& before) const {
    std::vector<std::string> changed;
    for (const auto& [path, stamp] : entries_) {
        const auto found = before.entries_.find(path);
        if (found == before.entries_.end() || found->second != stamp) changed.push_back(path);
    }
    for (const auto& [path, stamp] : before.entries_) {
        if (!entries_.contains(path)) changed.push_back(path);
    }
    std::ranges::sort(changed);
    return changed;
}

Saves::Saves(fs::path folder) : folder_(std::move(folder)) {}

bool Saves::begin_run() {
    FolderStamp stamp = now();
    if (std::exchange(has_run_, true) && stamp == seen_) return false;
    seen_ = std::move(stamp);
    return true;
}

std::vector<std::string> Saves::end_run() {
    FolderStamp after = now();
    const std::vector<std::string> changed = after.changed_since(seen_);
    if (std::ranges::any_of(changed, [this](const std::string& path) { return is_source(path); })) return {};
    seen_ = std::move(after);
    std::vector<std::string> news;
    for (const std::string& path : changed) {
        if (told_.insert(path).second) news.push_back(path);
    }
    return news;
}

bool Saves::is_source(const fs::path& path) const {
    const bool is_description =
        path.stem() == folder_.filename() && (path.extension() == ".yaml" || path.extension() == ".json");
    std::error_code ignored;
    const bool is_program = !fs::is_directory(path, ignored) && ::access(path.c_str(), X_OK) == 0;
    return is_description || is_program;
}

}  // namespace hocket::workbench
