#include "client/lib/config_environment.h"

#include <charconv>

#include "core/base/names.h"
#include "core/base/text.h"
#include "core/crypto/algorithm.h"
#include "core/wire/request.h"

namespace hocket::client {

namespace {

/// Reads variables one by one and remembers every problem.
class Variables {
public:
    explicit Variables(const Environment& environment) : environment_(environment) {}

    void read(const std::string& name, std::string& value) {
        if (const auto text = environment_(name)) value = *text;
    }

    void read(const std::string& name, std::filesystem::path& value) {
        if (const auto text = environment_(name)) value = *text;
    }

    template <class T>
    void read(const std::string& name, std::vector<T>& values, char separator) {
        const auto text = environment_(name);
        if (!text) return;
        const std::vector<std::string> parts = split(*text, separator);
        values.assign(parts.begin(), parts.end());
    }

    std::optional<int> integer(const std::string& name, int minimum, int maximum) {
        const auto text = environment_(name);
        if (!text) return std::nullopt;
        int value = 0;
        const char* end = text->data() + text->size();
        const auto parsed = std::from_chars(text->data(), end, value);
        if (parsed.ec == std::errc() && parsed.ptr == end && value >= minimum && value <= maximum)
            return value;
        problem(name, "is " + quote_bytes(*text) + ", it must be an integer within " +
                          std::to_string(minimum) + " and " + std::to_string(maximum));
        return std::nullopt;
    }

    void read(const std::string& name, int& value, int minimum, int maximum) {
        value = integer(name, minimum, maximum).value_or(value);
    }

    void problem(const std::string& name, const std::string& text) {
        problems_.push_back("environment: " + name + ' ' + text);
    }

    Result<void> finish() const {
        if (problems_.empty()) return {};
        return Error{ErrorCode::invalid_config, join(problems_, "\n"), {}};
    }

private:
    const Environment& environment_;
    std::vector<std::string> problems_;
};

void read_nats(Variables& variables, NatsConfig& nats) {
    variables.read("HOCKET_NATS_URL", nats.urls, ',');
    variables.read("HOCKET_NATS_USER", nats.user);
    variables.read("HOCKET_NATS_PASSWORD_FILE", nats.password_file);
    variables.read("HOCKET_NATS_TLS_CA", nats.tls_ca);
    variables.read("HOCKET_NATS_TLS_CERT", nats.tls_cert);
    variables.read("HOCKET_NATS_TLS_KEY", nats.tls_key);
}

void read_key(Variables& variables, KeyConfig& key) {
    KeyConfig own;
    variables.read("HOCKET_KEY_ID", own.id);
    variables.read("HOCKET_KEY_PSK_FILE", own.psk_file);
    variables.read("HOCKET_KEY_CERT", own.cert);
    variables.read("HOCKET_KEY_CERT_KEY", own.cert_key);
    variables.read("HOCKET_KEY_NODE_CA", own.node_ca);
    variables.read("HOCKET_KEY_NODE_CRL", own.node_crl);
    variables.read("HOCKET_KEY_ALGORITHM", own.algorithm);
    if (own.has_psk() && own.has_certificate()) {
        variables.problem("HOCKET_KEY_ID",
                          "or HOCKET_KEY_PSK_FILE excludes HOCKET_KEY_CERT, HOCKET_KEY_CERT_KEY and "
                          "HOCKET_KEY_NODE_CA: a request has one signature");
    }
    if (!own.algorithm.empty() && !crypto::signature_algorithm_from(own.algorithm)) {
        variables.problem("HOCKET_KEY_ALGORITHM",
                          "is " + quote_bytes(own.algorithm) + ", it must be EdDSA, ES256, PS256 or RS256");
    }
    merge_key(own, key);
}

}  // namespace

Result<void> read_environment(const Environment& environment, ClientConfig& config) {
    Variables variables(environment);
    variables.read("HOCKET_COLLECTIVE", config.collective);
    if (!is_collective_name(config.collective)) {
        variables.problem("HOCKET_COLLECTIVE", "is not a collective's name");
    }
    variables.read("HOCKET_SENDER", config.sender);
    if (config.sender.size() > k_max_sender_bytes)
        variables.problem("HOCKET_SENDER", "is longer than 253 bytes");
    const auto timeout_ms =
        variables.integer("HOCKET_TIMEOUT_MS", 1, static_cast<int>(wire::k_max_timeout_ms));
    if (timeout_ms) config.timeout_ms = timeout_ms;
    variables.read("HOCKET_TTL_MS", config.ttl_ms, 1, static_cast<int>(wire::k_max_ttl_ms));
    read_nats(variables, config.nats);
    read_key(variables, config.key);
    variables.read("HOCKET_DISCOVERY_QUIET_MS", config.discovery.quiet_ms, k_min_window_ms, k_max_window_ms);
    variables.read("HOCKET_DISCOVERY_MAX_MS", config.discovery.max_ms, k_min_window_ms, k_max_window_ms);
    variables.read("HOCKET_DISCOVERY_DIRECT_THRESHOLD", config.discovery.direct_threshold, 0,
                   k_max_direct_threshold);
    variables.read("HOCKET_DDL_FOLDERS", config.ddl.folders, ':');
    variables.read("HOCKET_DDL_CACHE", config.ddl.cache);
    variables.read("HOCKET_DDL_VALIDATORS", config.ddl.validators);
    return variables.finish();
}

}  // namespace hocket::client
