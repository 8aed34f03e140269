#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace hocket::keys {

/// One certificate that a CA has issued. Times are Unix milliseconds.
struct IndexEntry {
    std::string serial;  ///< hexadecimal, upper case
    std::string subject;
    std::int64_t expires_ms = 0;
    std::optional<std::int64_t> revoked_ms;
    std::string reason = {};  ///< of the revocation, as openssl wrote it; may be empty
    std::string file = "unknown";
};

/// The list of what a CA has issued, in the format of `openssl ca`:
///
///     index = {line}
///     line  = ("V"|"E") TAB expiry TAB             TAB serial TAB file TAB subject LF
///           | "R"       TAB expiry TAB revocation  TAB serial TAB file TAB subject LF
///     expiry, revocation = YYMMDDHHMMSS "Z"           ; from 2050 on YYYYMMDDHHMMSS "Z"; a reason may follow after ","
///     file  = "unknown"
///
/// Errors: invalid_config, with the line.
Result<std::vector<IndexEntry>> parse_index(std::string_view text);

std::string write_index(const std::vector<IndexEntry>& entries);

}  // namespace hocket::keys
