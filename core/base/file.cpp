#include "core/base/file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace hocket {

namespace {

constexpr int k_max_links = 40;  // as the kernel

Error io_error(const std::filesystem::path& path, const std::string& what) {
    return {ErrorCode::io, path.string() + ": " + what, {}};
}

bool is_trusted_owner(uid_t owner) {
    return owner == 0 || owner == geteuid();
}

std::string octal(mode_t mode) {
    std::string text;
    for (int shift = 9; shift >= 0; shift -= 3)
        text.push_back(static_cast<char>('0' + ((mode >> shift) & 7U)));
    return text;
}

Result<void> write_all(int descriptor, std::string_view content, const std::filesystem::path& path) {
    while (!content.empty()) {
        const ssize_t written = ::write(descriptor, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return io_error(path, "cannot write: " + errno_text());
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
        reset();
        number_ = other.release();
    }
    return *this;
}

int FileDescriptor::release() {
    const int number = number_;
    number_ = -1;
    return number;
}

void FileDescriptor::reset() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
}

std::string errno_text() {
    return errno_text(errno);
}

std::string errno_text(int number) {
    return std::generic_category().message(number);
}

namespace {

Result<FileDescriptor> open_to_read(const std::filesystem::path& path) {
    // O_NONBLOCK: a FIFO planted where a file is expected must not hang the reader.
    FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file) return io_error(path, "cannot open: " + errno_text());
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) return io_error(path, "cannot stat: " + errno_text());
    if (!S_ISREG(status.st_mode)) return io_error(path, "not a regular file");
    return file;
}

Result<std::string> read_all(int descriptor, const std::filesystem::path& path, std::size_t max_bytes) {
    std::string content;
    std::array<char, 65536> buffer{};
    for (;;) {
        const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return io_error(path, "cannot read: " + errno_text());
        if (count == 0) return content;
        content.append(buffer.data(), static_cast<std::size_t>(count));
        if (content.size() > max_bytes) {
            return io_error(path, "larger than the limit of " + std::to_string(max_bytes) + " bytes");
        }
    }
}

/// Of the file that is open, so that nobody can put another one in its place meanwhile.
Result<void> check_private(int descriptor, const std::filesystem::path& path) {
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) return io_error(path, "cannot stat: " + errno_text());
    if (!is_trusted_owner(status.st_uid)) {
        return Error{ErrorCode::invalid_key,
                     path.string() + ": owned by user " + std::to_string(status.st_uid) +
                         ", not by root or this user; try: chown " + std::to_string(geteuid()) + " " +
                         path.string(),
                     {}};
    }
    // A group may read it (a service account), others never, and nobody else may write.
    if ((status.st_mode & (S_IWGRP | S_IRWXO)) != 0) {
        return Error{ErrorCode::invalid_key,
                     path.string() + ": mode " + octal(status.st_mode & 07777U) +
                         " is too open for a secret; try: chmod 600 " + path.string(),
                     {}};
    }
    return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
    const Result<FileDescriptor> file = open_to_read(path);
    return file ? read_all(file->get(), path, max_bytes) : file.error();
}

Result<std::string> read_private_file(const std::filesystem::path& path, std::size_t max_bytes) {
    const Result<FileDescriptor> file = open_to_read(path);
    if (!file) return Error{ErrorCode::invalid_key, file.error().message, {}};
    if (Result<void> checked = check_private(file->get(), path); !checked) return checked.error();
    Result<std::string> content = read_all(file->get(), path, max_bytes);
    if (!content) return Error{ErrorCode::invalid_key, content.error().message, {}};
    return content;
}

std::filesystem::path behind_links(const std::filesystem::path& path) {
    std::filesystem::path place = path;
    std::error_code error;
    for (int links = 0; links < k_max_links && std::filesystem::is_symlink(place, error); ++links) {
        const std::filesystem::path target = std::filesystem::read_symlink(place, error);
        if (error) break;
        place = place.parent_path() / target;  // an absolute target stays as it is
    }
    return place;
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content,
                                   unsigned mode) {
    std::string temporary = path.string() + ".XXXXXX";
    FileDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!file) return io_error(path, "cannot create a temporary file beside it: " + errno_text());
    Result<void> written = write_all(file.get(), content, path);
    if (written && ::fchmod(file.get(), static_cast<mode_t>(mode)) != 0) {
        written = io_error(path, "cannot set its mode: " + errno_text());
    }
    file.reset();
    if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
        written = io_error(path, "cannot rename into place: " + errno_text());
    }
    if (!written) ::unlink(temporary.c_str());
    return written;
}

Result<void> append_line(int descriptor, std::string_view line, const std::filesystem::path& path) {
    for (;;) {
        const ssize_t written = ::write(descriptor, line.data(), line.size());
        if (written == static_cast<ssize_t>(line.size())) return {};
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return io_error(path, "cannot append: " + errno_text());
        struct stat status{};
        if (::fstat(descriptor, &status) == 0)
            static_cast<void>(::ftruncate(descriptor, status.st_size - written) == 0);
        return io_error(path, "cannot append: " + errno_text(ENOSPC));
    }
}

Result<void> create_file(const std::filesystem::path& path, std::string_view content, unsigned mode) {
    const FileDescriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode)));
    if (!file) return io_error(path, "cannot create: " + errno_text());
    Result<void> written = write_all(file.get(), content, path);
    if (!written) ::unlink(path.c_str());
    return written;
}

namespace {

Error untrusted(const std::filesystem::path& path, const std::string& what) {
    return {ErrorCode::invalid_config, path.string() + ": " + what, {}};
}

constexpr int k_max_entries = 10'000;

/// Where in a path something is.
enum class Position { above, last };

/// A folder above may be somebody's home: to take it from him is no advice.
Error changeable_by_owner(const std::filesystem::path& path, uid_t owner, Position position) {
    return untrusted(path,
                     "owned by user " + std::to_string(owner) + ", who could change what runs; " +
                         (position == Position::last
                              ? "try: chown root " + path.string()
                              : "copy what is below to a folder that is root's, or run this as that user"));
}

Result<void> check_step(const std::filesystem::path& path, const struct stat& status, Position position) {
    if (!is_trusted_owner(status.st_uid)) return changeable_by_owner(path, status.st_uid, position);
    const bool sticky_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
    if ((status.st_mode & (S_IWGRP | S_IWOTH)) == 0 || sticky_folder) return {};
    return untrusted(path, "mode " + octal(status.st_mode & 07777U) +
                               " lets others change what runs; try: chmod go-w " + path.string());
}

/// Goes along a path as the kernel does, link by link: who may change a folder that holds a link may make it lead elsewhere.
class TrustedWalk {
public:
    enum class Missing { refused, accepted };

    TrustedWalk(const std::filesystem::path& path, Missing missing)
        : ahead_(path.begin(), path.end()), missing_(missing) {}

    Result<void> run() {
        while (!ahead_.empty()) {
            const std::filesystem::path name = ahead_.front();
            ahead_.pop_front();
            if (Result<void> stepped = step(here_ / name); !stepped) return stepped;
        }
        return {};
    }

private:
    Result<void> step(const std::filesystem::path& next) {
        struct stat status{};
        const bool is_there = ::lstat(next.c_str(), &status) == 0;
        if (!is_there && errno == ENOENT && missing_ == Missing::accepted) {
            ahead_.clear();
            return {};
        }
        if (!is_there) return untrusted(next, errno_text());
        if (S_ISLNK(status.st_mode)) return follow(next, status.st_uid);
        if (Result<void> checked = check_step(next, status, position()); !checked) return checked;
        here_ = next;
        return {};
    }

    Result<void> follow(const std::filesystem::path& link, uid_t owner) {
        if (!is_trusted_owner(owner)) return changeable_by_owner(link, owner, position());
        if (++links_ > k_max_links) return untrusted(link, errno_text(ELOOP));
        std::error_code error;
        const std::filesystem::path target = std::filesystem::read_symlink(link, error);
        if (error) return untrusted(link, error.message());
        ahead_.insert(ahead_.begin(), target.begin(), target.end());
        return {};
    }

    Position position() const { return ahead_.empty() ? Position::last : Position::above; }

    std::deque<std::filesystem::path> ahead_;
    Missing missing_;
    std::filesystem::path here_;  ///< checked up to here
    int links_ = 0;
};

Result<void> walk(const std::filesystem::path& path, TrustedWalk::Missing missing) {
    std::error_code error;
    const std::filesystem::path absolute = std::filesystem::absolute(path, error);
    if (error) return untrusted(path, error.message());
    return TrustedWalk(absolute, missing).run();
}

}  // namespace

Result<void> check_trusted_below(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    std::optional<Error> first;
    int more = 0;
    int seen = 0;
    std::error_code error;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::recursive_directory_iterator() && seen < k_max_entries;
         entry.increment(error), ++seen) {
        struct stat status{};
        const bool is_there = ::lstat(entry->path().c_str(), &status) == 0;
        if (!is_there || !(S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) continue;
        Result<void> checked = check_step(entry->path(), status, Position::last);
        if (checked) continue;
        if (first) {
            ++more;
        } else {
            first = checked.error();
        }
    }
    if (!first) return {};
    if (more > 0) first->message += " (and " + std::to_string(more) + " more below " + folder.string() + ")";
    return *first;
}

Result<void> check_trusted(const std::filesystem::path& path) {
    return walk(path, TrustedWalk::Missing::refused);
}

Result<void> check_trusted_place(const std::filesystem::path& path) {
    return walk(path, TrustedWalk::Missing::accepted);
}

}  // namespace hocket
