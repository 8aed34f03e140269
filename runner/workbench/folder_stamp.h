#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace hocket::workbench {

/// What stands in some folders, and when each file was written. What Python compiles (`__pycache__`) does not count.
class FolderStamp {
public:
    enum class Depth { itself, and_its_folders };

    FolderStamp() = default;

    /// A folder that is missing has nothing in it.
    FolderStamp(const std::vector<std::filesystem::path>& folders, Depth depth);

    /// Files and folders that are new, gone, or not the same as before: their whole paths, sorted.
    std::vector<std::string> changed_since(const FolderStamp& before) const;

    bool operator==(const FolderStamp&) const = default;

private:
    void add(const std::filesystem::path& folder, Depth depth);

    std::map<std::string, std::array<std::uint64_t, 4>> entries_;
};

/// Which changes of an agent's folder, and of the `lib` beside it, are somebody's, and which are those of its own runs.
class Saves {
public:
    explicit Saves(std::filesystem::path folder);

    /// Whether something was saved since the last run began; true before the first one. A run follows.
    bool begin_run();

    /// What changed during the run, and was not told before. It counts as the run's own doing, but for the description and
    /// programs, which are somebody's.
    std::vector<std::string> end_run();

    std::vector<std::filesystem::path> folders() const { return {folder_, folder_.parent_path() / "lib"}; }

private:
    FolderStamp now() const { return {folders(), FolderStamp::Depth::and_its_folders}; }
    bool is_source(const std::filesystem::path& path) const;

    std::filesystem::path folder_;
    bool has_run_ = false;
    FolderStamp seen_;
    std::set<std::string> told_;
};

}  // namespace hocket::workbench
