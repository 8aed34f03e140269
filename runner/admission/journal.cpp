#include "runner/admission/journal.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/crypto/digest.h"

namespace hocket::admission {

namespace {

constexpr std::size_t k_max_journal_bytes = 256U << 20U;
constexpr std::size_t k_lines_of_a_file = 10'000;

std::string check_of(std::string_view line) {
    return crypto::sha256_hex(line).substr(0, 8);
}

std::string encode(const JournalEntry& entry) {
    const std::string line = "1 " + std::to_string(entry.expires_at_ms) + ' ' + entry.key.caller + ' ' +
                             entry.key.id + ' ' + entry.payload_sha256 + ' ';
    return line + check_of(line) + '\n';
}

std::optional<JournalEntry> decode(std::string_view line) {
    const std::vector<std::string> fields = split(line, ' ');
    if (fields.size() != 6 || fields[0] != "1") return std::nullopt;
    if (check_of(line.substr(0, line.size() - fields[5].size())) != fields[5]) return std::nullopt;
    JournalEntry entry{{fields[2], fields[3]}, fields[4], 0};
    const char* end = fields[1].data() + fields[1].size();
    const auto parsed = std::from_chars(fields[1].data(), end, entry.expires_at_ms);
    const bool valid = parsed.ec == std::errc() && parsed.ptr == end && is_caller(entry.key.caller) &&
                       is_request_id(entry.key.id);
    if (!valid) return std::nullopt;
    return entry;
}

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return number;
}

Error io_error(const std::filesystem::path& path, const std::string& what) {
    return {ErrorCode::io, path.string() + ": " + what + ": " + errno_text(), {}};
}

}  // namespace

Result<Journal> Journal::open(const std::filesystem::path& state_dir, std::int64_t now_ms) {
    Journal journal(state_dir / "requests.journal");
    if (Result<void> loaded = journal.load_aside(now_ms); !loaded) return loaded.error();
    if (Result<void> loaded = journal.load_current(now_ms); !loaded) return loaded.error();
    return journal;
}

/// What is good in a damaged one is kept in the current file.
Result<void> Journal::load_aside(std::int64_t now_ms) {
    const std::string prefix = path_.filename().string() + '.';
    std::error_code error;
    for (std::filesystem::directory_iterator file(path_.parent_path(), error), end; !error && file != end;
         file.increment(error)) {
        const std::filesystem::path path = file->path();
        const std::string name = path.filename();
        if (!name.starts_with(prefix)) continue;
        const std::optional<std::uint64_t> number = number_of(name.substr(prefix.size()));
        if (!number) continue;
        next_number_ = std::max(next_number_, *number + 1);
        Result<Content> content = load(path, now_ms);
        if (!content) return content.error();
        if (content->is_whole) aside_.push_back({path, content->expires_at_ms});
        std::vector<JournalEntry>& taken = content->is_whole ? entries_ : rescued_;
        taken.insert(taken.end(), content->entries.begin(), content->entries.end());
    }
    if (error)
        return Error{ErrorCode::io, path_.parent_path().string() + ": cannot read: " + error.message(), {}};
    remove_expired(now_ms);
    return {};
}

/// Writes it anew, without what has expired and without a line that was not finished.
Result<void> Journal::load_current(std::int64_t now_ms) {
    std::vector<JournalEntry> current = std::exchange(rescued_, {});
    std::error_code error;
    const auto type = std::filesystem::status(path_, error).type();
    if (type == std::filesystem::file_type::none)
        return Error{ErrorCode::io, path_.string() + ": " + error.message(), {}};
    if (type != std::filesystem::file_type::not_found) {
        Result<Content> content = load(path_, now_ms);
        if (!content) return content.error();
        current.insert(current.end(), content->entries.begin(), content->entries.end());
    } else {
        past_ = Past::unknown;
        reason_ = "there is no " + path_.string();
    }
    std::string text;
    for (const JournalEntry& entry : current) {
        text += encode(entry);
        expires_at_ms_ = std::max(expires_at_ms_, entry.expires_at_ms);
    }
    if (Result<void> written = write_file_atomically(path_, text, 0600); !written) return written;
    file_ = FileDescriptor(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    if (!file_) return io_error(path_, "cannot open");
    lines_ = current.size();
    entries_.insert(entries_.end(), current.begin(), current.end());
    return {};
}

Result<Journal::Content> Journal::load(const std::filesystem::path& path, std::int64_t now_ms) {
    const Result<std::string> text = read_file(path, k_max_journal_bytes);
    if (!text) return text.error();
    Content content;
    std::string_view rest = *text;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) break;
        std::optional<JournalEntry> entry = decode(rest.substr(0, end));
        if (!entry) {
            set_damaged(path, number);
            content.is_whole = false;
            break;
        }
        rest.remove_prefix(end + 1);
        content.expires_at_ms = std::max(content.expires_at_ms, entry->expires_at_ms);
        if (entry->expires_at_ms >= now_ms) content.entries.push_back(std::move(*entry));
    }
    return content;
}

void Journal::set_damaged(const std::filesystem::path& path, std::size_t line) {
    past_ = Past::unknown;
    reason_ = path.string() + ':' + std::to_string(line) + " is damaged; it was kept as " +
              path.filename().string() + ".damaged";
    std::error_code ignored;
    std::filesystem::rename(path, path.string() + ".damaged", ignored);
}

Result<void> Journal::append(const JournalEntry& entry, std::int64_t now_ms, Sync wanted) {
    if (lines_ >= k_lines_of_a_file) {
        if (Result<void> done = put_aside(); !done) return done;
        remove_expired(now_ms);
    }
    if (Result<void> written = append_line(file_.get(), encode(entry), path_); !written) return written;
    ++lines_;
    expires_at_ms_ = std::max(expires_at_ms_, entry.expires_at_ms);
    return wanted == Sync::yes ? sync() : Result<void>();
}

/// At no time is there no file of our name, if the file system has hard links: that would be a past which is not known.
Result<void> Journal::put_aside() {
    const std::filesystem::path aside = path_.string() + '.' + std::to_string(next_number_);
    const std::filesystem::path next = path_.string() + ".next";
    FileDescriptor file(::open(next.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!file) return io_error(next, "cannot make");
    const bool is_aside =
        ::link(path_.c_str(), aside.c_str()) == 0 || ::rename(path_.c_str(), aside.c_str()) == 0;
    if (!is_aside) return io_error(aside, "cannot make");
    if (is_name_synced_) {  // then so must the new name of its lines be
        if (Result<void> synced = sync_folder(); !synced) return synced;
    }
    if (::rename(next.c_str(), path_.c_str()) != 0) {
        const Error error = io_error(path_, "cannot replace");
        static_cast<void>(::rename(aside.c_str(), path_.c_str()) ==
                          0);  // of two names for one file both would stay
        static_cast<void>(::unlink(aside.c_str()) == 0);
        return error;
    }
    ++next_number_;
    aside_.push_back({aside, expires_at_ms_});
    file_ = std::move(file);
    lines_ = 0;
    expires_at_ms_ = 0;
    is_name_synced_ = false;
    return {};
}

void Journal::remove_expired(std::int64_t now_ms) {
    std::erase_if(aside_, [now_ms](const Aside& file) {
        std::error_code ignored;
        return file.expires_at_ms < now_ms && (std::filesystem::remove(file.path, ignored) || !ignored);
    });
}

Result<void> Journal::sync() {
    if (::fdatasync(file_.get()) != 0) return io_error(path_, "cannot sync");
    if (is_name_synced_) return {};
    if (Result<void> synced = sync_folder(); !synced) return synced;
    is_name_synced_ = true;
    return {};
}

Result<void> Journal::sync_folder() const {
    const FileDescriptor folder(::open(path_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder && ::fsync(folder.get()) == 0) return {};
    return io_error(path_.parent_path(), "cannot sync");
}

}  // namespace hocket::admission
