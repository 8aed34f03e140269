#pragma once

#include "client/lib/config.h"

namespace hocket::client {

/// Bounds of configuration, whether it stands in a file, in a variable or on the command line.
inline constexpr int k_min_window_ms = 25;
inline constexpr int k_max_window_ms = 60'000;
inline constexpr std::size_t k_max_sender_bytes = 253;
inline constexpr int k_max_direct_threshold = 10'000;  ///< what one request may name as targets

/// Overwrites what a variable HOCKET_* sets. Its name is that of the key: HOCKET_NATS_URL, HOCKET_KEY_PSK_FILE,
/// HOCKET_DISCOVERY_QUIET_MS. Lists are separated by commas, folders by colons.
///
/// Errors: invalid_config, naming every variable that is wrong.
Result<void> read_environment(const Environment& environment, ClientConfig& config);

/// A source that wins puts away the kind of key that it does not name: nobody has both.
void merge_key(const KeyConfig& stronger, KeyConfig& key);

}  // namespace hocket::client
