#include "runner/node/machine_files.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/base/text.h"

namespace hocket::node {

namespace {

// /proc/cpuinfo of a machine with 512 processors has about 800 KB.
constexpr std::size_t k_max_file_bytes = 4U << 20U;

}  // namespace

std::string MachineFiles::text(std::string_view path) const {
    const Result<std::string> content = read_file(root_ / path, k_max_file_bytes);
    if (!content) return {};
    return to_utf8(trim(*content));
}

std::vector<std::string> MachineFiles::lines(std::string_view path) const {
    return split(text(path), '\n');
}

std::string MachineFiles::link_target(std::string_view path) const {
    std::error_code error;
    const std::filesystem::path target = std::filesystem::read_symlink(root_ / path, error);
    return error ? std::string() : to_utf8(target.string());
}

bool MachineFiles::exists(std::string_view path) const {
    std::error_code error;
    return std::filesystem::exists(root_ / path, error);
}

std::vector<std::string> words(std::string_view line) {
    constexpr std::string_view blanks = " \t\r\n";
    std::vector<std::string> found;
    for (;;) {
        const std::size_t first = line.find_first_not_of(blanks);
        if (first == std::string_view::npos) return found;
        line.remove_prefix(first);
        const std::size_t end = std::min(line.find_first_of(blanks), line.size());
        found.emplace_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

}  // namespace hocket::node
