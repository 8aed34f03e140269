#include "client/cli/workbench.h"

#include <cstdio>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace hocket::cli {

namespace {

constexpr const char* k_name = "hocket-agent";
constexpr int k_not_installed = 69;

}  // namespace

int become_workbench(char** words) {
    std::string name = k_name;
    words[0] = name.data();
    std::error_code error;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) ::execv((self.parent_path() / k_name).c_str(), words);
    ::execvp(k_name, words);
    std::fprintf(stderr,
                 "hocket: there is no hocket-agent beside this program nor on the PATH; it is installed with "
                 "hocketd\n");
    return k_not_installed;
}

}  // namespace hocket::cli
