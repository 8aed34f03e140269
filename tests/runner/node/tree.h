#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace hocket::node {

/// A folder with files made for one test; gone after it. Modes do not depend on the umask.
class Tree {
public:
    Tree() {
        std::string name = (std::filesystem::temp_directory_path() / "hocket-tree-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) std::abort();
        root_ = name;
    }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;
    ~Tree() { std::filesystem::remove_all(root_); }

    const std::filesystem::path& root() const { return root_; }
    std::filesystem::path path(std::string_view name) const { return root_ / name; }

    std::filesystem::path folder(std::string_view name) {
        const std::filesystem::path made = path(name);
        std::filesystem::create_directories(made);
        for (std::filesystem::path step = made; step != root_; step = step.parent_path())
            set_mode(step, 0755);
        return made;
    }

    std::filesystem::path write(std::string_view name, std::string_view content, unsigned mode = 0644) {
        const std::filesystem::path file = path(name);
        if (file.parent_path() != root_) folder(file.parent_path().lexically_relative(root_).string());
        std::ofstream(file, std::ios::binary) << content;
        set_mode(file, mode);
        return file;
    }

    static void set_mode(const std::filesystem::path& file, unsigned mode) {
        if (::chmod(file.c_str(), static_cast<mode_t>(mode)) != 0) std::abort();
    }

private:
    std::filesystem::path root_;
};

}  // namespace hocket::node
