#include "core/process/foresee.h"

#include <cerrno>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <vector>

#include "core/base/text.h"
#include "core/process/launch_error.h"
#include "core/process/shebang.h"

namespace hocket::process {

namespace {

Error refused(const std::string& executable, const std::string& why) {
    return {ErrorCode::crashed, "cannot execute '" + executable + "': " + why, {}};
}

std::string mode_text(const std::string& path) {
    constexpr unsigned all = 07777;
    struct stat status{};
    ::stat(path.c_str(), &status);
    std::string digits;
    for (unsigned mode = status.st_mode & all; mode != 0; mode >>= 3U)
        digits.insert(digits.begin(), static_cast<char>('0' + (mode & 7U)));
    return "0" + digits;
}

Error forbidden(const std::string& executable, const std::string& verb, const std::string& by,
                const Account& account) {
    return refused(executable, "user '" + account.name + "' may not " + verb + ": " + by + " has mode " +
                                   mode_text(by) + "; try: chmod or chgrp it, or change run_as_user");
}

/// What execve(2) would set errno to for the file itself; 0: nothing that the file tells.
int errno_for(const std::string& path) {
    struct stat status{};
    struct statvfs system{};
    if (::stat(path.c_str(), &status) != 0) return errno;
    const bool is_mounted_so = ::statvfs(path.c_str(), &system) == 0 && (system.f_flag & ST_NOEXEC) != 0;
    const bool is_program = S_ISREG(status.st_mode) && (status.st_mode & 0111U) != 0;
    return is_program && !is_mounted_so ? 0 : EACCES;
}

/// Its own bits first: who has no right to a file that nobody may execute needs another remedy.
std::optional<Error> foresee_execution(const std::string& executable, const std::string& path,
                                       const Account& account) {
    const int number = errno_for(path);
    if (number != 0 && (number != EACCES || executable == path)) return execute_error(executable, number);
    const std::optional<std::string> by = what_forbids(path, Access::execute, account);
    if (!by && number == 0) return std::nullopt;
    if (account.is_ours()) return execute_error(executable, EACCES);
    return forbidden(executable, "execute " + path, by.value_or(path), account);
}

std::optional<Error> foresee_file(const std::string& executable, const Start& start) {
    if (start.needs_execute_bit) return foresee_execution(executable, executable, start.account);
    struct stat status{};
    if (::stat(executable.c_str(), &status) != 0) return execute_error(executable, errno);
    if (!S_ISREG(status.st_mode)) return execute_error(executable, EACCES);
    return std::nullopt;
}

bool is_in(const std::string& search_path, const std::string& program) {
    if (search_path.empty() || program.empty() || program.find('/') != std::string::npos) return true;
    return !find_in(search_path, program).empty();
}

std::optional<Error> foresee_script(const std::string& executable, const std::string& shebang,
                                    const Start& start) {
    if (shebang.ends_with('\r')) return execute_error(executable, ENOENT);
    const std::vector<std::string> interpreter = interpreter_of(shebang);
    if (interpreter.empty()) return execute_error(executable, ENOEXEC);
    // The kernel looks from the working folder, which is the root.
    const bool is_absolute = interpreter.front().starts_with('/');
    const std::string program = (is_absolute ? "" : "/") + interpreter.front();
    if (std::optional<Error> error = foresee_execution(executable, program, start.account)) return error;
    const std::string wanted = program_for_env(interpreter);
    if (!is_in(start.search_path, wanted)) {
        return refused(executable, "its first line '" + escape_text(shebang) + "' asks for '" +
                                       escape_text(wanted) + "', which is nowhere in the search path " +
                                       start.search_path + "; install it, or set [exec] search_path");
    }
    const std::optional<std::string> by = what_forbids(executable, Access::read, start.account);
    if (by) return forbidden(executable, "read it, as its interpreter must", *by, start.account);
    return std::nullopt;
}

}  // namespace

std::optional<Error> foresee_error(const std::string& executable, const Start& start) {
    if (std::optional<Error> error = foresee_file(executable, start)) return error;
    if (what_forbids(executable, Access::read, Account::ours())) return std::nullopt;
    const std::string shebang = read_shebang(executable);
    if (!shebang.empty()) return foresee_script(executable, shebang, start);
    if (begins_as_elf(executable)) return std::nullopt;
    return execute_error(executable, ENOEXEC);
}

}  // namespace hocket::process
