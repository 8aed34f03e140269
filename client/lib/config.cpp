#include "client/lib/config.h"

#include <array>
#include <cstdlib>
#include <unistd.h>

#include "client/lib/config_environment.h"
#include "core/base/file.h"
#include "core/base/names.h"
#include "core/config/toml_table.h"
#include "core/crypto/algorithm.h"
#include "core/wire/request.h"

namespace hocket::client {

namespace {

namespace fs = std::filesystem;

void read_path(config::TomlTable& table, std::string_view key, const fs::path& folder, fs::path& path) {
    const bool given = table.has(key);
    table.read(key, path);
    if (given) path = folder / path;  // an absolute path stays as it is
}

void read_nats(config::TomlTable& table, const fs::path& folder, NatsConfig& nats) {
    std::string url;
    table.read("url", url);
    table.read("urls", nats.urls);
    if (table.has("url") && table.has("urls")) table.problem("url", "and 'urls' exclude each other");
    if (table.has("url")) nats.urls = {url};
    if (nats.urls.empty()) table.problem("urls", "must not be empty");
    table.read("user", nats.user);
    read_path(table, "password_file", folder, nats.password_file);
    read_path(table, "tls_ca", folder, nats.tls_ca);
    read_path(table, "tls_cert", folder, nats.tls_cert);
    read_path(table, "tls_key", folder, nats.tls_key);
    table.finish();
}

void read_key(config::TomlTable& table, const fs::path& folder, KeyConfig& key) {
    KeyConfig own;
    table.read("id", own.id);
    read_path(table, "psk_file", folder, own.psk_file);
    read_path(table, "cert", folder, own.cert);
    read_path(table, "cert_key", folder, own.cert_key);
    read_path(table, "node_ca", folder, own.node_ca);
    read_path(table, "node_crl", folder, own.node_crl);
    table.read("algorithm", own.algorithm);
    if (own.has_psk() && own.has_certificate())
        table.problem("id", "and 'cert' exclude each other: a request has one signature");
    if (!own.algorithm.empty() && !crypto::signature_algorithm_from(own.algorithm))
        table.problem("algorithm", "is '" + own.algorithm + "', it must be EdDSA, ES256, PS256 or RS256");
    merge_key(own, key);
    table.finish();
}

void read_discovery(config::TomlTable& table, DiscoveryConfig& discovery) {
    table.read("quiet_ms", discovery.quiet_ms, k_min_window_ms, k_max_window_ms);
    table.read("max_ms", discovery.max_ms, k_min_window_ms, k_max_window_ms);
    table.read("direct_threshold", discovery.direct_threshold, 0, k_max_direct_threshold);
    table.finish();
}

void read_ddl(config::TomlTable& table, const fs::path& folder, DdlConfig& ddl) {
    const bool given = table.has("folders");
    table.read("folders", ddl.folders);
    for (fs::path& each : ddl.folders)
        each = given ? folder / each : each;
    read_path(table, "cache", folder, ddl.cache);
    read_path(table, "validators", folder, ddl.validators);
    table.finish();
}

void read_root(config::TomlTable& root, const fs::path& folder, ClientConfig& config) {
    root.read("collective", config.collective);
    if (!is_collective_name(config.collective)) root.problem("collective", "is not a collective's name");
    root.read("sender", config.sender);
    if (config.sender.size() > k_max_sender_bytes) root.problem("sender", "is longer than 253 bytes");
    int timeout_ms = config.timeout_ms.value_or(0);
    root.read("timeout_ms", timeout_ms, 1, static_cast<int>(wire::k_max_timeout_ms));
    if (timeout_ms > 0) config.timeout_ms = timeout_ms;
    root.read("ttl_ms", config.ttl_ms, 1, static_cast<int>(wire::k_max_ttl_ms));
    if (auto table = root.table("nats")) read_nats(*table, folder, config.nats);
    if (auto table = root.table("key")) read_key(*table, folder, config.key);
    if (auto table = root.table("discovery")) read_discovery(*table, config.discovery);
    if (auto table = root.table("ddl")) read_ddl(*table, folder, config.ddl);
}

Result<void> read_file_into(const fs::path& path, ClientConfig& config) {
    const fs::path folder = fs::absolute(path).parent_path();
    Result<void> read =
        config::read_toml_file(path, [&](config::TomlTable& root) { read_root(root, folder, config); });
    if (read || read.error().code == ErrorCode::invalid_config) return read;
    return Error{ErrorCode::invalid_config, "configuration " + read.error().message, {}};
}

/// $NAME/hocket, or ~/FALLBACK/hocket. The XDG rules ignore a relative path.
std::optional<fs::path> xdg_folder(const Environment& environment, const char* name, const char* fallback) {
    const auto folder = environment(name);
    if (folder && fs::path(*folder).is_absolute()) return fs::path(*folder) / "hocket";
    if (const auto home = environment("HOME")) return fs::path(*home) / fallback / "hocket";
    return std::nullopt;
}

std::vector<fs::path> files_to_read(const ConfigSources& sources) {
    if (sources.file) return {*sources.file};
    if (const auto named = sources.environment("HOCKET_CONFIG")) return {*named};
    std::vector<fs::path> files;
    std::error_code ignored;
    if (fs::exists(sources.system_file, ignored)) files.push_back(sources.system_file);
    const auto folder = xdg_folder(sources.environment, "XDG_CONFIG_HOME", ".config");
    if (folder && fs::exists(*folder / "client.toml", ignored)) files.push_back(*folder / "client.toml");
    return files;
}

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "unknown";
    return name.data();
}

}  // namespace

void merge_key(const KeyConfig& stronger, KeyConfig& key) {
    if (stronger.has_psk() && key.has_certificate()) key = {};
    if (stronger.has_certificate() && key.has_psk()) key = {};
    if (!stronger.cert_key.empty()) key.algorithm.clear();  // it was said of another key
    for (const auto member : {&KeyConfig::id, &KeyConfig::algorithm}) {
        if (!(stronger.*member).empty()) key.*member = stronger.*member;
    }
    for (const auto member : {&KeyConfig::psk_file, &KeyConfig::cert, &KeyConfig::cert_key,
                              &KeyConfig::node_ca, &KeyConfig::node_crl}) {
        if (!(stronger.*member).empty()) key.*member = stronger.*member;
    }
}

Environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        if (value == nullptr || *value == '\0') return std::nullopt;
        return value;
    };
}

Result<ClientConfig> load_config(const ConfigSources& sources) {
    ClientConfig config;
    config.sender = host_name();
    if (const auto folder = xdg_folder(sources.environment, "XDG_CACHE_HOME", ".cache")) {
        config.ddl.cache = *folder / "ddl";
    }
    for (const fs::path& file : files_to_read(sources)) {
        if (Result<void> read = read_file_into(file, config); !read) return read.error();
    }
    if (Result<void> read = read_environment(sources.environment, config); !read) return read.error();
    return config;
}

}  // namespace hocket::client
