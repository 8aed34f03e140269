#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "client/keys/ca_folder.h"
#include "core/base/clock.h"
#include "core/crypto/asymmetric_key.h"

namespace hocket::cli {

std::int64_t days_to_ms(double days);

/// A new key of one of the types of the command line: "ed25519", "p256", "rsa3072".
crypto::PrivateKey new_key(const std::string& type);

/// Empty, or what to tell who wanted a certificate for longer than its CA lasts. To be asked when it has just been made.
std::string cut_short_text(const crypto::Certificate& made, double wanted_days, const Clock& clock);

/// That no file is there: a key is never replaced. `advice` is what to do otherwise. Errors: io.
Result<void> check_free(const std::filesystem::path& file, const std::string& advice);

/// The document about a CRL, for --json; `newly_revoked` are serial numbers that this command revoked.
std::string crl_json(const keys::CaFolder::Crl& crl, const std::vector<std::string>& newly_revoked,
                     std::int64_t next_update_ms);

}  // namespace hocket::cli
