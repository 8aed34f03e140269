#pragma once

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace hocket::process {

/// Whom a process runs as, as far as permissions go.
struct Account {
    std::string name;  ///< for messages
    uid_t uid;
    gid_t gid;
    std::vector<gid_t> groups;  ///< supplementary

    /// This process's own.
    static Account ours();

    bool is_ours() const;
};

enum class Access : unsigned { execute = 1, read = 4 };

/// The file or the folder above it, links followed, that keeps the account from it: by the owner, the group and the mode. Nothing
/// if none does. An access control list is taken to permit. For this process itself the kernel is asked.
std::optional<std::string> what_forbids(const std::string& path, Access access, const Account& account);

}  // namespace hocket::process
