#include "core/transport/nats_settings.h"

#include <cstdlib>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include "core/base/file.h"
#include "core/transport/broker_url.h"

namespace hocket::transport {

namespace {

/// Sets variables of this process, and puts back what they were.
class ChangedEnvironment {
public:
    ChangedEnvironment(const char* name, const char* value) : name_(name) {
        if (const char* before = std::getenv(name)) before_ = before;
        ::setenv(name, value, 1);
    }
    ~ChangedEnvironment() {
        if (before_) {
            ::setenv(name_, before_->c_str(), 1);
        } else {
            ::unsetenv(name_);
        }
    }
    ChangedEnvironment(const ChangedEnvironment&) = delete;
    ChangedEnvironment& operator=(const ChangedEnvironment&) = delete;

private:
    const char* name_;
    std::optional<std::string> before_;
};

natsStatus configure_tls(const NatsOptions& options, natsOptions* nats_options) {
    // cnats adds the system's CAs to ours, and pays 22 ms and 830 kB for them. Ours is the only one to trust.
    const ChangedEnvironment no_file("SSL_CERT_FILE", "/dev/null");
    const ChangedEnvironment no_folder("SSL_CERT_DIR", "/nonexistent");
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
    for (const std::string& file : {options.tls_ca_file, options.tls_cert_file, options.tls_key_file}) {
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

}  // namespace hocket::transport
