#include "core/process/launch_error.h"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/process/shebang.h"

namespace hocket::process {

namespace {

// Not trimmed: the CR of a Windows line end is what makes a good interpreter unknown.
std::string shebang_of(const std::string& path) {
    return escape_text(read_shebang(path));
}

std::string why_not_found(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0)
        return "there is no such file; check `run.command` and what is installed";
    const std::string shebang = shebang_of(path);
    if (shebang.empty())
        return "it exists, but the program loader that it names does not; is it for this system?";
    if (shebang.ends_with("\\r")) {
        return "its lines end as on Windows (CR LF), so its interpreter would be '" + shebang +
               "'; try: sed -i 's/\\r$//' " + path;
    }
    const std::vector<std::string> interpreter = interpreter_of(shebang);
    const bool is_relative = !interpreter.empty() && !interpreter.front().starts_with('/');
    return "it exists, but its interpreter '" + shebang + "' does not; " +
           (is_relative ? "the first line needs a whole path, such as #!/usr/bin/env " + interpreter.front()
                        : "install it or correct the first line");
}

std::string why_not_permitted(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return "a folder on the way to it cannot be searched";
    if (S_ISDIR(status.st_mode)) return "it is a folder, not a program";
    if (!S_ISREG(status.st_mode)) return "it is not a regular file";
    if ((status.st_mode & 0111U) == 0) return "it is not executable; try: chmod +x " + path;
    const std::string shebang = shebang_of(path);
    const std::string also = shebang.empty() ? "" : ", or its interpreter '" + shebang + "'";
    return "permission denied: this user may not execute it" + also +
           "; look at the modes of the file and of all folders above it, and for a mount with noexec";
}

std::string why_no_program(const std::string& path) {
    if (begins_with_bom(path)) {
        return "it begins with a byte order mark (BOM), so its '#!' is not seen; try: sed -i "
               "'1s/^\\xEF\\xBB\\xBF//' " +
               path;
    }
    return "it is neither a program for this machine nor a script that begins with '#!'";
}

std::string why_not_executed(const std::string& path, int error_number) {
    switch (error_number) {
        case ENOENT: return why_not_found(path);
        case EACCES: return why_not_permitted(path);
        case ENOEXEC: return why_no_program(path);
        case E2BIG: return "its arguments and environment are larger than this system allows";
        case ETXTBSY: return "somebody has it open for writing; try again when it is installed";
        case EAGAIN: return "its user has as many processes as the limit allows";
        case ENOTDIR: return "a part of the path is not a folder";
        default: return errno_text(error_number);
    }
}

std::string what_failed(Step step, const std::string& working_directory) {
    switch (step) {
        case Step::cgroup: return "cannot enter its cgroup";
        case Step::session: return "cannot begin a session";
        case Step::descriptors: return "cannot place its descriptors";
        case Step::limits: return "cannot set its limits (above the hard limit of hocketd, or the kernel's?)";
        case Step::scheduling:
            return "cannot set nice or the class of its I/O (below that of hocketd only as root)";
        case Step::no_new_privileges: return "cannot set no_new_privs";
        case Step::signals: return "cannot reset its signals";
        case Step::working_directory: return "cannot enter its folder '" + working_directory + "'";
        case Step::parent_death: return "cannot be made to end with hocketd";
        case Step::none:
        case Step::execute: break;
    }
    return "cannot start";
}

}  // namespace

Error execute_error(const std::string& executable, int error_number) {
    return {ErrorCode::crashed,
            "cannot execute '" + executable + "': " + why_not_executed(executable, error_number),
            {}};
}

Error launch_error(Step step, int error_number, const std::string& executable,
                   const std::string& working_directory) {
    if (step == Step::execute) return execute_error(executable, error_number);
    return {ErrorCode::crashed,
            "cannot execute '" + executable + "': " + what_failed(step, working_directory) + ": " +
                errno_text(error_number),
            {}};
}

}  // namespace hocket::process
