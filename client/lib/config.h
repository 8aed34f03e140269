#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/ddl/validator_rule.h"

namespace hocket::client {

struct NatsConfig {
    std::vector<std::string> urls = {"nats://127.0.0.1:4222"};
    std::string user;
    std::filesystem::path password_file;
    std::filesystem::path tls_ca;  ///< TLS is used when this is set
    std::filesystem::path tls_cert;
    std::filesystem::path tls_key;
};

/// What signs requests: a pre-shared key, or a certificate.
struct KeyConfig {
    std::string id;  ///< "ops.1"
    std::filesystem::path psk_file;

    std::filesystem::path cert;      ///< PEM: the caller's certificate, then intermediate CAs
    std::filesystem::path cert_key;  ///< PEM
    std::filesystem::path node_ca;   ///< PEM: who vouches for nodes
    std::filesystem::path node_crl;  ///< PEM; empty: none
    std::string algorithm;           ///< what an RSA key signs with instead of PS256

    bool has_psk() const { return !id.empty() || !psk_file.empty(); }
    bool has_certificate() const { return !cert.empty() || !cert_key.empty() || !node_ca.empty(); }
};

struct DiscoveryConfig {
    int quiet_ms = 50;                  ///< nobody answered for so long: everybody has
    int max_ms = 2000;                  ///< for all answers
    std::optional<int> listen_ms = {};  ///< instead of both: so long, whatever comes
    int direct_threshold = 200;
};

struct DdlConfig {
    std::vector<std::filesystem::path> folders;
    std::filesystem::path cache;                                  ///< empty: nothing is kept
    std::filesystem::path validators = ddl::k_validators_folder;  ///< that the DDLs of the folders may name
};

/// What a caller sets once. Spans are milliseconds.
struct ClientConfig {
    std::string collective = "main";
    std::string sender;             ///< this host: for people, never checked
    std::optional<int> timeout_ms;  ///< none: the DDL's
    int ttl_ms = 10'000;
    NatsConfig nats;
    KeyConfig key;
    DiscoveryConfig discovery;
    DdlConfig ddl;
};

/// A variable of the environment by its name; none when it is unset or empty.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// This process's own.
Environment process_environment();

/// Where configuration comes from.
struct ConfigSources {
    std::optional<std::filesystem::path> file;  ///< --config: the only file then; else HOCKET_CONFIG names it
    std::filesystem::path system_file = "/etc/hocket/client.toml";
    Environment environment = process_environment();
};

/// The variables HOCKET_* win over the user's file ($XDG_CONFIG_HOME/hocket/client.toml), key by key, and that wins
/// over the system's. A file that is not there is skipped, unless it was named. Relative paths in a file start at its
/// folder.
///
/// Errors: invalid_config with every problem found; an unknown key is one.
Result<ClientConfig> load_config(const ConfigSources& sources);

}  // namespace hocket::client
