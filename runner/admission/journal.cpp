#include "runner/admission/journal.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <optional>
#include <unistd.h>

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/crypto/digest.h"

namespace hocket::admission {

namespace {

constexpr std::size_t k_max_journal_bytes = 256U << 20U;
constexpr std::size_t k_least_lines_to_compact = 10'000;

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

Error io_error(const std::filesystem::path& path, const std::string& what) {
    return {ErrorCode::io, path.string() + ": " + what + ": " + errno_text(), {}};
}

Result<void> write_line(int file, const std::string& line, const std::filesystem::path& path) {
    // One write: a kill leaves a whole line or, at worst, a last one without its LF.
    for (;;) {
        const ssize_t written = ::write(file, line.data(), line.size());
        if (written == static_cast<ssize_t>(line.size())) return {};
        if (written < 0 && errno == EINTR) continue;
        return io_error(path, "cannot append");
    }
}

}  // namespace

Result<Journal> Journal::open(const std::filesystem::path& state_dir, std::int64_t now_ms) {
    Journal journal(state_dir / "requests.journal");
    if (Result<void> loaded = journal.load(now_ms); !loaded) return loaded.error();
    if (Result<void> started = journal.start_file(); !started) return started.error();
    return journal;
}

void Journal::set_damaged(const std::string& reason) {
    past_ = Past::unknown;
    reason_ = reason;
    std::error_code ignored;
    std::filesystem::rename(path_, path_.string() + ".damaged", ignored);
}

Result<void> Journal::load(std::int64_t now_ms) {
    if (!std::filesystem::exists(path_)) {
        past_ = Past::unknown;
        reason_ = "there is no " + path_.string();
        return {};
    }
    const Result<std::string> content = read_file(path_, k_max_journal_bytes);
    if (!content) return content.error();
    std::string_view rest = *content;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos) return {};
        std::optional<JournalEntry> entry = decode(rest.substr(0, end));
        if (!entry) {
            set_damaged(path_.string() + ':' + std::to_string(number) + " is damaged; it was kept as " +
                        path_.filename().string() + ".damaged");
            return {};
        }
        rest.remove_prefix(end + 1);
        if (entry->expires_at_ms >= now_ms) entries_.push_back(std::move(*entry));
    }
    return {};
}

Result<void> Journal::start_file() {
    std::string content;
    for (const JournalEntry& entry : entries_)
        content += encode(entry);
    if (Result<void> written = write_file_atomically(path_, content, 0600); !written) return written;
    file_ = FileDescriptor(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    if (!file_) return io_error(path_, "cannot open");
    lines_ = entries_.size();
    compact_at_lines_ = std::max(k_least_lines_to_compact, 2 * lines_);
    return {};
}

Result<void> Journal::append(const JournalEntry& entry, std::int64_t now_ms, Sync sync) {
    if (lines_ >= compact_at_lines_) {
        if (Result<void> compacted = compact(now_ms); !compacted) return compacted;
    }
    if (Result<void> written = write_line(file_.get(), encode(entry), path_); !written) return written;
    ++lines_;
    if (sync == Sync::yes && ::fdatasync(file_.get()) != 0) return io_error(path_, "cannot sync");
    return {};
}

Result<void> Journal::compact(std::int64_t now_ms) {
    entries_.clear();
    if (Result<void> loaded = load(now_ms); !loaded) return loaded;
    Result<void> started = start_file();
    entries_.clear();
    return started;
}

}  // namespace hocket::admission
