#pragma once

#include <nats/nats.h>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file_stamp.h"
#include "core/transport/nats_transport.h"

namespace hocket::transport {

/// What cnats would only complain of when it connects, or not at all. Errors: invalid_config, for a URL of another kind, a file
/// that cannot be read, and TLS that is set up by half.
Result<void> check_options(const NatsOptions& options);

/// Hands over all that is no callback: servers, name, times, user, TLS. Under SystemCasKeptOut.
natsStatus apply(const NatsOptions& options, natsOptions* nats_options);

/// The files of TLS, as they are now.
std::vector<FileStamp> stamps_of_tls(const NatsOptions& options);

/// As long as it lives, OpenSSL finds no CA of the system: cnats would add them to ours, for 22 ms and 830 kB, and trust nobody
/// but them where a broker demands TLS that is not set up. SSL_CERT_FILE and SSL_CERT_DIR of this process are others meanwhile.
class SystemCasKeptOut {
public:
    SystemCasKeptOut();
    ~SystemCasKeptOut();
    SystemCasKeptOut(const SystemCasKeptOut&) = delete;
    SystemCasKeptOut& operator=(const SystemCasKeptOut&) = delete;

private:
    std::optional<std::string> file_;
    std::optional<std::string> folder_;
};

}  // namespace hocket::transport
