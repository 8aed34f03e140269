#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "client/keys/ca_folder.h"
#include "core/crypto/asymmetric_key.h"

namespace hocket::cli {

std::int64_t days_to_ms(double days);

/// A new key of one of the types of the command line: "ed25519", "p256", "rsa3072".
crypto::PrivateKey new_key(const std::string& type);

/// That no file is there: a key is never replaced. `advice` is what to do otherwise. Errors: io.
Result<void> check_free(const std::filesystem::path& file, const std::string& advice);

/// The document about a CRL, for --json; `newly_revoked` are serial numbers that this command revoked.
std::string crl_json(const keys::CaFolder::Crl& crl, const std::vector<std::string>& newly_revoked,
                     std::int64_t next_update_ms);

}  // namespace hocket::cli
