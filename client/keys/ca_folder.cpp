#include "client/keys/ca_folder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>

#include "core/base/text.h"

namespace hocket::keys {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t k_clock_margin_ms = 60LL * 60 * 1000;
constexpr std::size_t k_max_index_bytes = 64U << 20U;
constexpr std::size_t k_max_number_bytes = 64;
constexpr std::chrono::seconds k_lock_wait{10};
constexpr std::chrono::milliseconds k_lock_retry{20};

std::string hex(std::uint64_t number) {
    std::array<char, 17> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    const std::string text(digits.data(), end);
    return text.size() % 2 == 0 ? text : '0' + text;  // as openssl reads it
}

Result<std::uint64_t> read_crl_number(const fs::path& file) {
    const Result<std::string> content = read_file(file, k_max_number_bytes);
    if (!content) return content.error();
    const std::string_view digits = trim(*content);
    std::uint64_t number = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    if (parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size()) return number;
    return Error{ErrorCode::invalid_config, file.string() + ": not a hexadecimal number", {}};
}

Result<FileDescriptor> lock(const fs::path& file) {
    FileDescriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor) {
        return Error{
            ErrorCode::io, file.string() + ": " + errno_text() + "; make a CA with: hocket keys ca init", {}};
    }
    const auto deadline = std::chrono::steady_clock::now() + k_lock_wait;
    while (::flock(descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() >= deadline)
            return Error{ErrorCode::io, file.string() + ": another command has this CA; try again", {}};
        std::this_thread::sleep_for(k_lock_retry);
    }
    return descriptor;
}

Result<void> replace(const fs::path& file, std::string_view content) {
    return write_file_atomically(behind_links(file), content, 0644);
}

/// That nothing of a CA is there.
Result<void> check_none(const fs::path& folder) {
    for (const char* name : {"ca.key", "ca.pem", "index.txt", "crlnumber"}) {
        std::error_code ignored;
        if (!fs::exists(folder / name, ignored)) continue;
        return Error{
            ErrorCode::io,
            (folder / name).string() + ": there is one, and a CA is never replaced; choose another folder",
            {}};
    }
    return {};
}

}  // namespace

Result<void> CaFolder::init(const fs::path& folder, crypto::CertificateTerms terms,
                            const crypto::PrivateKey& key, std::int64_t crl_until_ms, const Clock& clock) {
    terms.not_before_ms = std::min(terms.not_before_ms, clock.wall_ms() - k_clock_margin_ms);
    const Result<crypto::Certificate> certificate = crypto::issue_self_signed(terms, key);
    if (!certificate) return certificate.error();
    if (Result<void> checked = check_none(folder); !checked) return checked;
    const fs::path issued = folder / "issued";
    std::error_code error;
    fs::create_directories(issued, error);
    if (error) {
        return Error{ErrorCode::io,
                     issued.string() + ": cannot create this folder: " + error.message() +
                         "; choose a place where this user may write",
                     {}};
    }
    if (Result<void> written = create_file(folder / "ca.key", key.to_pem().expose(), 0600); !written)
        return written;
    for (const auto& [name, content] :
         {std::pair{"ca.pem", certificate->to_pem()}, std::pair{"crlnumber", std::string("01\n")},
          std::pair{"index.txt", std::string()},
          std::pair{"index.txt.attr", std::string("unique_subject = no\n")}}) {
        if (Result<void> written = create_file(folder / name, content, 0644); !written) return written;
    }
    Result<CaFolder> made = open(folder, clock);
    if (!made) return made.error();
    const Result<Crl> crl = made->write_crl(crl_until_ms);
    if (!crl) return crl.error();
    return {};
}

Result<CaFolder> CaFolder::open(const fs::path& folder, const Clock& clock) {
    const fs::path index_file = folder / "index.txt";
    Result<FileDescriptor> locked = lock(folder / "ca.pem");
    if (!locked) return locked.error();
    Result<std::vector<crypto::Certificate>> certificates = crypto::Certificate::read(folder / "ca.pem");
    if (!certificates) return certificates.error();
    Result<crypto::PrivateKey> key = crypto::PrivateKey::read(folder / "ca.key");
    if (!key) return key.error();
    const Result<crypto::PublicKey> certified = certificates->front().public_key();
    if (!certified || !(*certified == key->public_key())) {
        return Error{ErrorCode::invalid_key,
                     (folder / "ca.key").string() +
                         ": not the key of the certificate in ca.pem beside it; put back the two files that "
                         "were made together",
                     {}};
    }
    const Result<std::string> text = read_file(index_file, k_max_index_bytes);
    if (!text) return text.error();
    Result<std::vector<IndexEntry>> index = parse_index(*text);
    if (!index) return index.error().within(index_file.string());
    const Result<std::uint64_t> number = read_crl_number(folder / "crlnumber");
    if (!number) return number.error();
    return CaFolder(folder, std::move(*locked), {std::move(certificates->front()), std::move(*key)},
                    std::move(*index), *number, clock);
}

CaFolder::CaFolder(fs::path folder, FileDescriptor lock, crypto::Issuer issuer, std::vector<IndexEntry> index,
                   std::uint64_t crl_number, const Clock& clock)
    : folder_(std::move(folder)),
      lock_(std::move(lock)),
      issuer_(std::move(issuer)),
      index_(std::move(index)),
      crl_number_(crl_number),
      clock_(clock) {}

CaFolder::Validity CaFolder::validity_for(std::int64_t span_ms) const {
    const std::int64_t now = clock_.wall_ms();
    return {std::max(now - k_clock_margin_ms, issuer_.certificate.not_before_ms()),
            std::min(now + span_ms, issuer_.certificate.not_after_ms())};
}

Result<crypto::Certificate> CaFolder::issue(crypto::CertificateTerms terms, const crypto::PublicKey& key,
                                            const Validity& validity) {
    terms.not_before_ms = validity.not_before_ms;
    terms.not_after_ms = validity.not_after_ms;
    Result<crypto::Certificate> made = crypto::issue_certificate(terms, key, issuer_);
    if (!made) return made.error();
    if (Result<void> recorded = record(*made); !recorded) return recorded.error();
    return made;
}

Result<crypto::Certificate> CaFolder::renew(const crypto::Certificate& certificate,
                                            const Validity& validity) {
    if (Result<void> known = adopt(certificate); !known) return known.error();
    const auto found = std::find_if(index_.begin(), index_.end(), [&](const IndexEntry& entry) {
        return entry.serial == certificate.serial();
    });
    if (found->revoked_ms) {
        return Error{
            ErrorCode::usage,
            certificate.title() + ": revoked at " + utc_text(*found->revoked_ms) + "; issue a new one",
            {}};
    }
    Result<crypto::Certificate> made =
        crypto::renew_certificate(certificate, validity.not_before_ms, validity.not_after_ms, issuer_);
    if (!made) return made.error();
    if (Result<void> recorded = record(*made); !recorded) return recorded.error();
    return made;
}

Result<std::vector<std::string>> CaFolder::revoke(const crypto::Certificate& certificate) {
    if (Result<void> known = adopt(certificate); !known) return known.error();
    return revoke_all_of(certificate.serial());
}

Result<std::vector<std::string>> CaFolder::revoke(const std::string& serial) {
    std::string digits;
    for (const char character : serial) {
        if (character != ':')
            digits += static_cast<char>(std::toupper(static_cast<unsigned char>(character)));
    }
    return revoke_all_of(digits);
}

bool CaFolder::is_in_index(const std::string& serial) const {
    return std::ranges::any_of(index_, [&](const IndexEntry& entry) { return entry.serial == serial; });
}

Result<void> CaFolder::adopt(const crypto::Certificate& certificate) {
    const Result<crypto::PublicKey> key = certificate.public_key();
    if (key && *key == issuer_.key.public_key()) {
        return Error{ErrorCode::usage,
                     certificate.title() +
                         ": the CA's own; it is neither revoked nor renewed, but replaced by "
                         "another CA (hocket keys ca init)",
                     {}};
    }
    if (!certificate.is_signed_by(issuer_.certificate)) {
        return Error{
            ErrorCode::usage, certificate.title() + ": not issued by the CA in " + folder_.string(), {}};
    }
    return is_in_index(certificate.serial()) ? Result<void>() : record(certificate);
}

Result<std::vector<std::string>> CaFolder::revoke_all_of(const std::string& serial) {
    if (!is_in_index(serial)) {
        return Error{ErrorCode::usage,
                     "index.txt of the CA in " + folder_.string() + " has no certificate with serial " +
                         quote_bytes(serial) + "; of one that was signed without it give the file",
                     {}};
    }
    const std::optional<crypto::PublicKey> key = key_of(serial);
    std::vector<std::string> revoked;
    for (IndexEntry& entry : index_) {
        if (entry.revoked_ms || entry.expires_ms <= clock_.wall_ms()) continue;
        if (entry.serial != serial && !(key && key_of(entry.serial) == key)) continue;
        entry.revoked_ms = clock_.wall_ms();
        revoked.push_back(entry.serial);
    }
    if (Result<void> saved = save_index(); !saved) return saved.error();
    return revoked;
}

/// None when its file is gone, as `openssl ca` may keep it elsewhere.
std::optional<crypto::PublicKey> CaFolder::key_of(const std::string& serial) const {
    const auto certificates = crypto::Certificate::read(folder_ / "issued" / (serial + ".pem"));
    if (!certificates) return std::nullopt;
    const Result<crypto::PublicKey> key = certificates->front().public_key();
    return key ? std::optional(*key) : std::nullopt;
}

Result<CaFolder::Crl> CaFolder::write_crl(std::int64_t until_ms) {
    std::vector<crypto::RevokedCertificate> revoked;
    Crl written_crl{folder_ / "crl.pem", {}};
    for (const IndexEntry& entry : index_) {
        if (!entry.revoked_ms || entry.expires_ms <= clock_.wall_ms()) continue;
        revoked.push_back({entry.serial, *entry.revoked_ms});
        written_crl.revoked.push_back(entry.serial);
    }
    // The number first: none is ever used twice.
    const std::uint64_t number = crl_number_++;
    if (Result<void> written = replace(folder_ / "crlnumber", hex(crl_number_) + '\n'); !written)
        return written.error();
    const std::int64_t since = clock_.wall_ms() - k_clock_margin_ms;
    const Result<std::string> crl = crypto::issue_crl(revoked, number, since, until_ms, issuer_);
    if (!crl) return crl.error();
    if (Result<void> written = replace(written_crl.file, *crl); !written) return written.error();
    return written_crl;
}

std::string CaFolder::chain_pem(const crypto::Certificate& certificate) const {
    const crypto::Certificate& own = issuer_.certificate;
    return certificate.to_pem() + (own.issuer() == own.subject() ? "" : own.to_pem());
}

Result<void> CaFolder::record(const crypto::Certificate& certificate) {
    const fs::path folder = folder_ / "issued";
    std::error_code made;  // one of openssl(1) may have another
    fs::create_directory(folder, made);
    if (made) return Error{ErrorCode::io, folder.string() + ": cannot be made: " + made.message(), {}};
    const fs::path file = folder / (certificate.serial() + ".pem");
    if (Result<void> written = replace(file, certificate.to_pem()); !written) return written;
    index_.push_back(
        {certificate.serial(), '/' + certificate.subject(), certificate.not_after_ms(), std::nullopt});
    return save_index();
}

Result<void> CaFolder::save_index() const {
    return replace(folder_ / "index.txt", write_index(index_));
}

}  // namespace hocket::keys
