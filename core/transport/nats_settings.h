#pragma once

#include <nats/nats.h>

#include "core/transport/nats_transport.h"

namespace hocket::transport {

/// What cnats would only complain of when it connects. Errors: invalid_config, for a URL of another kind and a file that cannot be
/// read.
Result<void> check_options(const NatsOptions& options);

/// Hands over all that is no callback: servers, name, times, user, TLS. While TLS is set up, SSL_CERT_FILE and SSL_CERT_DIR of this
/// process are others.
natsStatus apply(const NatsOptions& options, natsOptions* nats_options);

}  // namespace hocket::transport
