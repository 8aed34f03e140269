#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hocket {

/// A file descriptor with one owner; closed on destruction.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int number) : number_(number) {}
    FileDescriptor(FileDescriptor&& other) noexcept : number_(other.release()) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;
    ~FileDescriptor() { reset(); }

    int get() const { return number_; }
    explicit operator bool() const { return number_ >= 0; }
    int release();
    void reset();

private:
    int number_ = -1;
};

/// "No such file or directory" for the current errno, or for the one given.
std::string errno_text();
std::string errno_text(int number);

/// Errors: io (missing, unreadable, a folder, larger than the limit), naming the path.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes);

/// A key or a password: the file belongs to root or this process's user, its group may read it and do nothing else, and others
/// nothing at all.
/// Errors: invalid_key, for what read_file() would tell too; naming the path, the rule and the command that mends it.
Result<std::string> read_private_file(const std::filesystem::path& path, std::size_t max_bytes);

/// What a link names in the end, which may not be there yet; the path itself when it is no link.
std::filesystem::path behind_links(const std::filesystem::path& path);

/// Replaces the file in one step (a temporary file beside it, then rename); a link itself, not what it names. Errors: io.
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content,
                                   unsigned mode);

/// Appends to a file that was opened with O_APPEND, in one write: a kill leaves the whole line or, at worst, a beginning. What
/// cannot be written whole is taken back, so that the next line does not join it. Errors: io.
Result<void> append_line(int descriptor, std::string_view line, const std::filesystem::path& path);

/// Writes a file that must not be there yet, so nothing is ever lost. Errors: io.
Result<void> create_file(const std::filesystem::path& path, std::string_view content, unsigned mode);

/// Whether only root and this process's user can change what the path names: owned by one of them, and not writable
/// by group or others; so are its parent folders' entries (a sticky folder is accepted), and those of each link on the way.
/// Errors: invalid_config, naming the path, the rule and the command that mends it.
Result<void> check_trusted(const std::filesystem::path& path);

/// The same for every file and folder below one, as far as they are listed there: links are not followed, and after the first
/// 10 000 nothing is looked at. Errors: of the first one, and how many more there are.
Result<void> check_trusted_below(const std::filesystem::path& folder);

/// The same as check_trusted() for a path that may lead nowhere: only root and this process's user can put something there.
Result<void> check_trusted_place(const std::filesystem::path& path);

}  // namespace hocket
