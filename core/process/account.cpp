#include "core/process/account.h"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace hocket::process {

namespace {

namespace fs = std::filesystem;

bool has_access_list(const std::string& path) {
    return ::getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) > 0;
}

bool grants(const std::string& path, Access access, const Account& account) {
    constexpr unsigned owner_shift = 6;
    constexpr unsigned group_shift = 3;
    constexpr unsigned any_execute = 0111;
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0 || has_access_list(path)) return true;
    const unsigned wanted = static_cast<unsigned>(access);
    if (account.uid == 0)
        return access == Access::read || S_ISDIR(status.st_mode) || (status.st_mode & any_execute) != 0;
    if (status.st_uid == account.uid) return (status.st_mode >> owner_shift & wanted) != 0;
    const bool is_member = status.st_gid == account.gid ||
                           std::ranges::find(account.groups, status.st_gid) != account.groups.end();
    return (status.st_mode >> (is_member ? group_shift : 0U) & wanted) != 0;
}

/// From the root on.
std::vector<std::string> folders_above(const fs::path& path) {
    std::vector<std::string> folders;
    for (fs::path folder = path.parent_path(); folder != folder.parent_path(); folder = folder.parent_path())
        folders.insert(folders.begin(), folder.string());
    return folders;
}

}  // namespace

Account Account::ours() {
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
    groups.resize(static_cast<std::size_t>(std::max(count, 0)));
    return {std::to_string(::geteuid()), ::geteuid(), ::getegid(), std::move(groups)};
}

bool Account::is_ours() const {
    return uid == ::geteuid();
}

std::optional<std::string> what_forbids(const std::string& path, Access access, const Account& account) {
    const bool is_asked = account.is_ours();
    const int mode = access == Access::read ? R_OK : X_OK;
    if (is_asked && ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0) return std::nullopt;
    std::error_code ignored;
    const fs::path target = fs::canonical(path, ignored);
    for (const fs::path& way : {fs::path(path), target}) {
        for (const std::string& folder : folders_above(way)) {
            if (!grants(folder, Access::execute, account)) return folder;
        }
    }
    if (is_asked || !grants(path, access, account)) return path;
    return std::nullopt;
}

}  // namespace hocket::process
