#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/config/toml_table.h"
#include "core/wire/caller_allow_list.h"
#include "core/wire/node_key_ring.h"

namespace hocket {

/// One `[[keys.psk]]`: the pre-shared key itself, or what was derived from it for this node.
struct PskFile {
    wire::PskId id;
    std::filesystem::path file;
    bool derived = false;
};

/// `[keys.ssl]`: this node's certificate and key, the CA that vouches for callers, and the list of what it revoked.
struct SslFiles {
    std::filesystem::path certificate;
    std::filesystem::path key;
    std::filesystem::path caller_ca;
    std::filesystem::path caller_crl;  ///< empty: none
    std::optional<crypto::SignatureAlgorithm> algorithm;
};

/// What runner.toml says about who may sign requests.
struct KeysConfig {
    std::vector<PskFile> psk;
    std::optional<SslFiles> ssl;
    wire::CallerAllowList allowed_callers;  ///< of those with certificates
    int watch_ms = 30'000;                  ///< how often the files are looked at

    /// Every file that is read.
    std::vector<std::filesystem::path> files() const;
};

/// Reads [keys] and [callers]; relative paths start at `folder`. What is wrong becomes a problem of the table.
void read_keys_config(config::TomlTable& root, const std::filesystem::path& folder, KeysConfig& keys);

/// Reads the files. The clock must outlive the keys.
/// Errors: invalid_key, invalid_config.
Result<std::unique_ptr<wire::NodeKeyRing>> load_node_keys(const KeysConfig& keys, const std::string& identity,
                                                          const Clock& clock);

}  // namespace hocket
