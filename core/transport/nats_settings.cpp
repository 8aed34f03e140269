#include "core/transport/nats_settings.h"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/transport/broker_url.h"

namespace hocket::transport {

namespace {

constexpr const char* k_ca_file_variable = "SSL_CERT_FILE";
constexpr const char* k_ca_folder_variable = "SSL_CERT_DIR";
constexpr std::size_t k_max_key_bytes = 65536;

/// What it was before.
std::optional<std::string> set_variable(const char* name, const char* value) {
    const char* const found = std::getenv(name);
    std::optional<std::string> before = found == nullptr ? std::nullopt : std::optional<std::string>(found);
    ::setenv(name, value, 1);
    return before;
}

void put_back(const char* name, const std::optional<std::string>& value) {
    if (value) {
        ::setenv(name, value->c_str(), 1);
    } else {
        ::unsetenv(name);
    }
}

bool names_tls(const std::string& url) {
    return url.starts_with("tls://");
}

Error half_tls(const std::string& what) {
    return {ErrorCode::invalid_config, "[nats] " + what, {}};
}

Result<void> check_tls(const NatsOptions& options) {
    const bool has_certificate = !options.tls_cert_file.empty();
    const bool has_key = !options.tls_key_file.empty();
    if (has_certificate != has_key)
        return half_tls(has_certificate ? "tls_cert needs tls_key, its private key"
                                        : "tls_key needs tls_cert, its certificate");
    if (!options.tls_ca_file.empty()) return {};
    if (has_certificate)
        return half_tls(
            "tls_cert needs tls_ca, the CA of the broker's certificate; without it there is no TLS");
    const auto named = std::ranges::find_if(options.urls, names_tls);
    if (named == options.urls.end()) return {};
    return half_tls(quote_bytes(*named) +
                    " needs tls_ca, the CA of the broker's certificate; the system's are not trusted");
}

natsStatus configure_tls(const NatsOptions& options, natsOptions* nats_options) {
    natsStatus status = natsOptions_SetSecure(nats_options, true);
    if (status == NATS_OK) {
        status = natsOptions_LoadCATrustedCertificates(nats_options, options.tls_ca_file.c_str());
    }
    if (status == NATS_OK && !options.tls_cert_file.empty()) {
        status = natsOptions_LoadCertificatesChain(nats_options, options.tls_cert_file.c_str(),
                                                   options.tls_key_file.c_str());
    }
    return status;
}

}  // namespace

Result<void> check_options(const NatsOptions& options) {
    for (const std::string& url : options.urls) {
        if (const auto address = parse_broker_url(url); !address) return address.error();
    }
    if (Result<void> checked = check_tls(options); !checked) return checked;
    if (!options.tls_key_file.empty()) {
        if (const auto key = read_private_file(options.tls_key_file, k_max_key_bytes); !key)
            return Error{ErrorCode::invalid_config, "[nats] tls_key: " + key.error().message, {}};
    }
    for (const std::string& file : {options.tls_ca_file, options.tls_cert_file}) {
        if (file.empty() || ::access(file.c_str(), R_OK) == 0) continue;
        return Error{ErrorCode::invalid_config,
                     file + ": cannot be read: " + errno_text() + "; look at [nats] tls_*",
                     {}};
    }
    return {};
}

natsStatus apply(const NatsOptions& options, natsOptions* nats_options) {
    std::vector<const char*> urls;
    for (const std::string& url : options.urls)
        urls.push_back(url.c_str());
    natsStatus status = natsOptions_SetServers(nats_options, urls.data(), static_cast<int>(urls.size()));
    if (status == NATS_OK) status = natsOptions_SetName(nats_options, options.name.c_str());
    if (status == NATS_OK) status = natsOptions_SetTimeout(nats_options, options.connect_timeout_ms);
    // Without this the flusher thread sleeps 1 ms before each write.
    if (status == NATS_OK) status = natsOptions_SetSendAsap(nats_options, true);
    if (status == NATS_OK) status = natsOptions_SetMaxReconnect(nats_options, -1);
    if (status == NATS_OK && !options.user.empty()) {
        status = natsOptions_SetUserInfo(nats_options, options.user.c_str(), options.password.c_str());
    }
    if (status == NATS_OK && !options.tls_ca_file.empty()) status = configure_tls(options, nats_options);
    return status;
}

std::vector<FileStamp> stamps_of_tls(const NatsOptions& options) {
    if (options.tls_ca_file.empty()) return {};
    return {stamp_of(options.tls_ca_file), stamp_of(options.tls_cert_file), stamp_of(options.tls_key_file)};
}

SystemCasKeptOut::SystemCasKeptOut()
    : file_(set_variable(k_ca_file_variable, "/dev/null")),
      folder_(set_variable(k_ca_folder_variable, "/nonexistent")) {}

SystemCasKeptOut::~SystemCasKeptOut() {
    put_back(k_ca_file_variable, file_);
    put_back(k_ca_folder_variable, folder_);
}

}  // namespace hocket::transport
