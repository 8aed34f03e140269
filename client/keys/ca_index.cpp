#include "client/keys/ca_index.h"

#include <array>
#include <charconv>
#include <ctime>

#include "core/base/text.h"

namespace hocket::keys {

namespace {

constexpr int k_first_long_year = 2050;  // RFC 5280 §4.1.2.5: UTCTime has two digits until then
constexpr std::size_t k_short_time = 13;
constexpr std::size_t k_long_time = 15;

std::string asn1_time(std::int64_t wall_ms) {
    const std::time_t seconds = static_cast<std::time_t>(wall_ms / 1000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    const char* format = parts.tm_year + 1900 >= k_first_long_year ? "%Y%m%d%H%M%SZ" : "%y%m%d%H%M%SZ";
    return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

std::optional<int> number(std::string_view digits) {
    int value = 0;
    const char* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, value);
    if (parsed.ec != std::errc() || parsed.ptr != end || value < 0) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
    text = text.substr(0, text.find(','));  // a reason for a revocation
    if ((text.size() != k_short_time && text.size() != k_long_time) || !text.ends_with('Z'))
        return std::nullopt;
    const std::size_t year_digits = text.size() == k_long_time ? 4 : 2;
    std::array<int, 6> parts{};
    std::size_t at = 0;
    for (int& part : parts) {
        const std::size_t digits = at == 0 ? year_digits : 2;
        const auto value = number(text.substr(at, digits));
        if (!value) return std::nullopt;
        part = *value;
        at += digits;
    }
    std::tm time{};
    time.tm_year = year_digits == 4 ? parts[0] - 1900 : parts[0] + (parts[0] < 50 ? 100 : 0);
    time.tm_mon = parts[1] - 1;
    time.tm_mday = parts[2];
    time.tm_hour = parts[3];
    time.tm_min = parts[4];
    time.tm_sec = parts[5];
    return static_cast<std::int64_t>(::timegm(&time)) * 1000;
}

std::optional<IndexEntry> parse_line(std::string_view line) {
    const std::vector<std::string> fields = split(line, '\t');
    if (fields.size() != 6 || fields[0].size() != 1) return std::nullopt;
    IndexEntry entry;
    const auto expires = parse_time(fields[1]);
    if (!expires) return std::nullopt;
    entry.expires_ms = *expires;
    const bool revoked = fields[0] == "R";
    if (!revoked && fields[0] != "V" && fields[0] != "E") return std::nullopt;
    if (revoked) {
        entry.revoked_ms = parse_time(fields[2]);
        if (!entry.revoked_ms) return std::nullopt;
        if (const std::size_t comma = fields[2].find(','); comma != std::string::npos)
            entry.reason = fields[2].substr(comma + 1);
    }
    entry.serial = fields[3];
    entry.file = fields[4];
    entry.subject = fields[5];
    return entry;
}

}  // namespace

Result<std::vector<IndexEntry>> parse_index(std::string_view text) {
    std::vector<IndexEntry> entries;
    int line_number = 0;
    for (const std::string& line : split(text, '\n')) {
        ++line_number;
        if (line.empty()) continue;
        std::optional<IndexEntry> entry = parse_line(line);
        if (!entry) {
            return Error{
                ErrorCode::invalid_config,
                "line " + std::to_string(line_number) + " is not one of openssl's index of certificates",
                {}};
        }
        entries.push_back(std::move(*entry));
    }
    return entries;
}

std::string write_index(const std::vector<IndexEntry>& entries) {
    std::string text;
    for (const IndexEntry& entry : entries) {
        text += entry.revoked_ms ? 'R' : 'V';
        text += '\t' + asn1_time(entry.expires_ms) + '\t';
        if (entry.revoked_ms) {
            text += asn1_time(*entry.revoked_ms);
            if (!entry.reason.empty()) text += ',' + entry.reason;
        }
        text += '\t' + entry.serial + '\t' + entry.file + '\t' + entry.subject + '\n';
    }
    return text;
}

}  // namespace hocket::keys
