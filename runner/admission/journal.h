#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/result.h"
#include "runner/admission/duplicates.h"

namespace hocket::admission {

struct JournalEntry {
    RequestKey key;
    std::string payload_sha256;
    std::int64_t expires_at_ms = 0;
};

/// The requests that this node has accepted, on disk before they run, so that a restart runs none of them again.
///
///     line = "1" SP expires_at_ms SP caller SP request-id SP payload-sha256 SP check LF
///     check = the first 8 hexadecimal digits of the SHA-256 of the line before it
///
/// A last line without LF is one whose request never ran: it is ignored. Any other bad line means damage.
///
/// A file of 10,000 lines is put aside (requests.journal.N). When the next one is, those go whose lines have all expired. So
/// nothing that takes longer than a write or a rename is done between requests.
///
/// Thread: io thread only.
/// Owns:   the open file, and those put aside.
class Journal {
public:
    enum class Past { known, unknown };

    /// Opens or creates `state_dir`/requests.journal. `past` says whether duplicates from before can be told: it is
    /// unknown when the file is missing or damaged (the damaged one is kept beside it).
    /// Errors: io.
    static Result<Journal> open(const std::filesystem::path& state_dir, std::int64_t now_ms);

    Past past() const { return past_; }
    const std::string& reason() const { return reason_; }  ///< why the past is unknown, for the log
    const std::vector<JournalEntry>& entries() const { return entries_; }  ///< those that have not expired
    void release_entries() { entries_.clear(); }

    enum class Sync { no, yes };
    /// Errors: io; then the request must not run.
    Result<void> append(const JournalEntry& entry, std::int64_t now_ms, Sync sync);

private:
    explicit Journal(std::filesystem::path path) : path_(std::move(path)) {}

    struct Aside {
        std::filesystem::path path;
        std::int64_t expires_at_ms;  ///< the last of its lines
    };

    /// Of a file: up to the damage if there is some.
    struct Content {
        std::vector<JournalEntry> entries;  ///< those that have not expired
        std::int64_t expires_at_ms = 0;     ///< the last of all
        bool is_whole = true;
    };

    Result<void> load_aside(std::int64_t now_ms);
    Result<void> load_current(std::int64_t now_ms);
    Result<Content> load(const std::filesystem::path& path, std::int64_t now_ms);
    Result<void> put_aside();
    void remove_expired(std::int64_t now_ms);
    Result<void> sync();
    Result<void> sync_folder() const;
    void set_damaged(const std::filesystem::path& path, std::size_t line);

    std::filesystem::path path_;
    FileDescriptor file_;
    Past past_ = Past::known;
    std::string reason_;
    std::vector<JournalEntry> entries_;
    std::vector<JournalEntry> rescued_;  ///< of damaged files
    std::size_t lines_ = 0;              ///< of the file
    std::int64_t expires_at_ms_ = 0;     ///< the last of them
    bool is_name_synced_ = false;
    std::vector<Aside> aside_;
    std::uint64_t next_number_ = 1;
};

}  // namespace hocket::admission
