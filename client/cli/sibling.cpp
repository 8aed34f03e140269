#include "client/cli/sibling.h"

#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace hocket::cli {

namespace {

constexpr int k_not_installed = 69;

}  // namespace

std::string sibling_of(std::string_view command) {
    if (command == "agent") return "hocket-agent";
    return command == "ddl" ? "hocketc" : "";
}

int become(std::string name, char** words) {
    words[0] = name.data();
    std::error_code error;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) ::execv((self.parent_path() / name).c_str(), words);
    ::execvp(name.c_str(), words);
    std::fprintf(stderr,
                 "hocket: there is no %s beside this program nor on the PATH; it is installed with hocketd\n",
                 name.c_str());
    return k_not_installed;
}

}  // namespace hocket::cli
