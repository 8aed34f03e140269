#pragma once

#include <nats/nats.h>
#include <string>
#include <string_view>

#include "core/transport/nats_transport.h"

namespace hocket::transport {

/// What cnats says of the last error of this thread, without the place in its source: "(conn.c:1905): Authorization Violation".
std::string_view last_error_text();

/// The status, and the last error where it says more; escaped.
std::string status_text(natsStatus status);

/// For a connection that the broker does not let us have: where to look.
std::string about_user(const NatsOptions& options);

/// Why natsConnection_Connect() failed, and what to look at.
std::string why_not_connected(natsStatus status, const NatsOptions& options);

}  // namespace hocket::transport
