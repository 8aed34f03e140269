#include "client/cli/key_files.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "core/base/json.h"

namespace hocket::cli {

std::int64_t days_to_ms(double days) {
    return std::llround(days * 24 * 60 * 60 * 1000);
}

crypto::PrivateKey new_key(const std::string& type) {
    if (type == "p256") return crypto::PrivateKey::generate(crypto::KeyType::p256);
    if (type.starts_with("rsa"))
        return crypto::PrivateKey::generate(crypto::KeyType::rsa, std::stoi(type.substr(3)));
    return crypto::PrivateKey::generate(crypto::KeyType::ed25519);
}

std::string cut_short_text(const crypto::Certificate& made, double wanted_days, const Clock& clock) {
    constexpr std::int64_t k_a_minute_ms =
        60'000;  // more than making it took, and than what seconds round off
    if (made.not_after_ms() + k_a_minute_ms >= clock.wall_ms() + days_to_ms(wanted_days)) return {};
    return "valid only until " + utc_text(made.not_after_ms()) + ", when its CA ends; make a new CA before\n";
}

Result<void> check_free(const std::filesystem::path& file, const std::string& advice) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return {};
    return Error{ErrorCode::io, file.string() + ": there is one, and a key is never replaced; " + advice, {}};
}

std::string crl_json(const keys::CaFolder::Crl& crl, const std::vector<std::string>& newly_revoked,
                     std::int64_t next_update_ms) {
    return dump_json_pretty({{"schema", "io.hocket.crl.v1"},
                             {"crl", crl.file.string()},
                             {"revoked", crl.revoked},
                             {"newly_revoked", newly_revoked},
                             {"next_update_ms", next_update_ms},
                             {"exit_code", 0}}) +
           '\n';
}

}  // namespace hocket::cli
