#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hocket::node {

/// The small files in which Linux describes a machine, below "/" or below a tree made for a test. Every text
/// is UTF-8 (other bytes become U+FFFD) and bounded; what cannot be read is empty.
/// Thread: any.
class MachineFiles {
public:
    explicit MachineFiles(std::filesystem::path root) : root_(std::move(root)) {}

    /// `path` is relative: "proc/uptime".
    std::string text(std::string_view path) const;  ///< without blanks around it
    std::vector<std::string> lines(std::string_view path) const;
    std::string link_target(std::string_view path) const;
    bool exists(std::string_view path) const;

private:
    std::filesystem::path root_;
};

/// The words of a line that blanks separate.
std::vector<std::string> words(std::string_view line);

}  // namespace hocket::node
