#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/transport/transport.h"

namespace hocket::transport {

struct NatsOptions {
    /// Whether connect() waits for the broker, or goes on trying in the background for ever.
    enum class Start { connected, retry };

    std::vector<std::string> urls = {"nats://127.0.0.1:4222"};
    std::string name = "hocket";  ///< shown by the broker's monitoring
    std::string user;
    std::string password;
    std::string tls_ca_file;    ///< PEM; TLS is used when this is set, and only this CA is trusted
    std::string tls_cert_file;  ///< PEM, for mutual TLS; with its key
    std::string tls_key_file;
    int connect_timeout_ms = 2000;
    int max_reconnect_wait_ms = 10'000;  ///< the jittered back-off grows up to this
    int max_pending_messages =
        10'000;  ///< for each subscription, then the oldest waiters are kept and new ones drop
    int max_pending_bytes = 64 << 20;
    /// From the end of a subscription until its memory is free: before 3.6.1 threads of cnats use subscriptions that they
    /// do not hold, for moments, on a reconnection for example.
    int subscription_rest_ms = 5000;
    Start start = Start::retry;

    bool operator==(const NatsOptions&) const = default;
};

/// NATS through cnats, with all work on our io_context: no thread for each subscription, and the fastest mode
/// measured. Reconnects for ever with a jittered back-off, with the files of TLS as they are by then; subscriptions survive.
///
/// While it connects, and without tls_ca_file as long as it lives and tries again, SSL_CERT_FILE and SSL_CERT_DIR of this process are
/// others: no thread may look at them then.
///
/// Errors: broker_unreachable, naming the URLs, the reason, and what to look at; invalid_config, for a URL of another kind, a file
///         that cannot be read, and TLS that is set up by half.
/// Owns:   the connection; the destructor closes it and waits until cnats has let go of us.
Result<std::unique_ptr<Transport>> connect_nats(boost::asio::io_context& io, const NatsOptions& options);

}  // namespace hocket::transport
