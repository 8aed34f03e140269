#include "runner/keys_config.h"

#include <algorithm>

#include "core/base/file.h"

namespace hocket {

namespace {

using config::TomlTable;
namespace fs = std::filesystem;

void read_path(TomlTable& table, std::string_view key, const fs::path& folder, fs::path& path) {
    table.read(key, path);
    if (!path.empty()) path = folder / path;  // an absolute path stays as it is
}

void read_psk(TomlTable& table, const fs::path& folder, KeysConfig& keys) {
    PskFile key;
    std::string id;
    fs::path derived_file;
    table.read("id", id);
    read_path(table, "file", folder, key.file);
    read_path(table, "derived_file", folder, derived_file);
    const Result<wire::PskId> parsed = wire::parse_psk_id(id);
    const auto is_of_this_id = [&](const PskFile& other) { return parsed && other.id == *parsed; };
    if (std::ranges::any_of(keys.psk, is_of_this_id)) {
        table.problem("id", "is the id of another key here too");
    } else if (parsed) {
        key.id = *parsed;
    } else {
        table.problem("id", parsed.error().message);
    }
    if (key.file.empty() == derived_file.empty()) {
        table.problem("file", "or 'derived_file' must name the key's file, one of the two");
    }
    key.derived = key.file.empty();
    if (key.derived) key.file = derived_file;
    keys.psk.push_back(std::move(key));
    table.finish();
}

void read_ssl(TomlTable& table, const fs::path& folder, KeysConfig& keys) {
    SslFiles ssl;
    std::string algorithm;
    read_path(table, "cert", folder, ssl.certificate);
    read_path(table, "key", folder, ssl.key);
    read_path(table, "caller_ca", folder, ssl.caller_ca);
    read_path(table, "caller_crl", folder, ssl.caller_crl);
    table.read("algorithm", algorithm);
    for (const auto& [key, path] : {std::pair{"cert", &ssl.certificate}, std::pair{"key", &ssl.key},
                                    std::pair{"caller_ca", &ssl.caller_ca}}) {
        if (path->empty()) table.problem(key, "is missing: cert, key and caller_ca belong together");
    }
    ssl.algorithm = crypto::signature_algorithm_from(algorithm);
    if (!algorithm.empty() && !ssl.algorithm)
        table.problem("algorithm", "is '" + algorithm + "', it must be EdDSA, ES256, PS256 or RS256");
    keys.ssl = std::move(ssl);
    table.finish();
}

void read_callers(TomlTable& table, KeysConfig& keys) {
    std::vector<std::string> allow;
    table.read("allow", allow);
    if (!keys.ssl) table.problem("allow", "is about certificates, and there is no [keys.ssl]; see [[allow]]");
    if (table.has("allow") && allow.empty())
        table.problem("allow", "is empty: name somebody, or leave it out for all whom the CA vouches for");
    Result<wire::CallerAllowList> parsed = wire::CallerAllowList::parse(allow);
    if (parsed) {
        keys.allowed_callers = std::move(*parsed);
    } else {
        table.problem("allow", "holds " + parsed.error().message);
    }
    table.finish();
}

Result<void> add_psk(const PskFile& key, const std::string& identity, wire::PskNodeKeys& keys) {
    if (key.derived) {
        Result<wire::NodePsk> derived = wire::read_node_psk_file(key.file);
        if (!derived) return derived.error();
        keys.add(key.id, std::move(*derived));
        return {};
    }
    const Result<crypto::Secret> psk = wire::read_psk_file(key.file);
    if (!psk) return psk.error();
    keys.add(key.id, wire::derive_node_psk(*psk, identity));
    return {};
}

/// Which key of the configuration names a file that is not there, and what belongs there.
Result<void> check_ssl_files(const SslFiles& ssl) {
    struct Named {
        const char* key;
        const fs::path& file;
        const char* advice;
    };
    constexpr char issue[] = "make it with: hocket keys cert issue --node IDENTITY --ca DIR --dir DIR";
    for (const Named& named : {Named{"cert", ssl.certificate, issue}, Named{"key", ssl.key, issue},
                               Named{"caller_ca", ssl.caller_ca, "put ca.pem of the callers' CA there"},
                               Named{"caller_crl", ssl.caller_crl, "put crl.pem of the callers' CA there"}}) {
        std::error_code error;
        if (named.file.empty() || fs::status(named.file, error).type() != fs::file_type::not_found) continue;
        return Error{ErrorCode::invalid_key,
                     std::string("'keys.ssl.") + named.key + "' names " + named.file.string() +
                         ", which does not exist; " + named.advice,
                     {}};
    }
    return {};
}

Result<wire::X509NodeKeys> load_ssl(const KeysConfig& keys, const std::string& identity, const Clock& clock) {
    const SslFiles& ssl = *keys.ssl;
    if (Result<void> checked = check_ssl_files(ssl); !checked) return checked.error();
    Result<wire::Credential> credential = wire::Credential::read(ssl.certificate, ssl.key, ssl.algorithm);
    if (!credential) return credential.error();
    // Who can write one of these can make himself a caller, or undo a revocation.
    for (const auto& [key, file] : {std::pair{"'keys.ssl.caller_ca'", ssl.caller_ca},
                                    std::pair{"'keys.ssl.caller_crl'", ssl.caller_crl}}) {
        if (file.empty()) continue;
        if (Result<void> trusted = check_trusted(file); !trusted) return trusted.error().within(key);
    }
    Result<crypto::Trust> callers = crypto::Trust::read(ssl.caller_ca, ssl.caller_crl);
    if (!callers) return callers.error();
    Result<wire::X509NodeKeys> made = wire::X509NodeKeys::make(
        identity, std::move(*credential), std::move(*callers), keys.allowed_callers, clock);
    if (!made) return made.error().within("[keys.ssl]");
    return made;
}

}  // namespace

std::vector<fs::path> KeysConfig::files() const {
    std::vector<fs::path> files;
    for (const PskFile& key : psk)
        files.push_back(key.file);
    if (!ssl) return files;
    for (const fs::path& file : {ssl->certificate, ssl->key, ssl->caller_ca, ssl->caller_crl}) {
        if (!file.empty()) files.push_back(file);
    }
    return files;
}

void read_keys_config(TomlTable& root, const fs::path& folder, KeysConfig& keys) {
    if (std::optional<TomlTable> table = root.table("keys")) {
        for (TomlTable& each : table->tables("psk"))
            read_psk(each, folder, keys);
        if (std::optional<TomlTable> ssl = table->table("ssl")) read_ssl(*ssl, folder, keys);
        table->read("watch_ms", keys.watch_ms, 10, 3'600'000);
        table->finish();
    }
    if (std::optional<TomlTable> table = root.table("callers")) read_callers(*table, keys);
}

Result<std::unique_ptr<wire::NodeKeyRing>> load_node_keys(const KeysConfig& keys, const std::string& identity,
                                                          const Clock& clock) {
    if (keys.psk.empty() && !keys.ssl) {
        return Error{
            ErrorCode::invalid_key,
            "no key is configured, so every request would be refused; add [[keys.psk]] or [keys.ssl]",
            {}};
    }
    wire::PskNodeKeys pre_shared(identity);
    for (const PskFile& key : keys.psk) {
        if (Result<void> added = add_psk(key, identity, pre_shared); !added) return added.error();
    }
    if (!keys.ssl) return std::make_unique<wire::NodeKeyRing>(std::move(pre_shared));
    Result<wire::X509NodeKeys> certificates = load_ssl(keys, identity, clock);
    if (!certificates) return certificates.error();
    return std::make_unique<wire::NodeKeyRing>(std::move(pre_shared), std::move(*certificates));
}

}  // namespace hocket
