#pragma once

#include <memory>
#include <set>
#include <string>

#include <boost/asio/io_context.hpp>

#include "client/lib/config.h"
#include "client/lib/reply_line.h"
#include "core/base/clock.h"
#include "core/transport/transport.h"
#include "core/wire/keys.h"
#include "core/wire/request.h"

namespace hocket::client {

/// Hears what becomes of the connection while a request is under way.
/// Thread: io thread.
class ConnectionListener {
public:
    virtual ~ConnectionListener() = default;

    /// The connection was lost and is back.
    virtual void on_reconnected() = 0;

    /// The broker refused what we published or subscribed to. `reason` is its text, which quotes the subject.
    virtual void on_refused(const std::string& reason) = 0;
};

/// One connection to the broker, the caller's keys and the configuration: what every request needs.
///
/// Thread: io thread only.
/// Owns:   the connection and the keys. Must outlive the calls and discoveries made with it.
class Session {
public:
    /// Waits until the broker has accepted the connection. In the whole process OpenSSL is not cleared away at exit any more, as
    /// far as nobody has used it before (core/crypto/openssl_at_exit.h says why).
    /// Errors: invalid_config, invalid_key, broker_unreachable.
    static Result<std::unique_ptr<Session>> open(boost::asio::io_context& io, ClientConfig config,
                                                 const Clock& clock);

    /// With a connection that somebody else made.
    Session(boost::asio::io_context& io, std::unique_ptr<transport::Transport> transport,
            std::unique_ptr<wire::CallerKeys> keys, ClientConfig config, const Clock& clock);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// A request of this caller with a new id, issued now: everybody, no inputs.
    wire::Request new_request(const std::string& agent, const std::string& action) const;

    /// Whether nobody but the broker can read what we send: TLS, or a broker on this machine.
    bool is_confidential() const;

    boost::asio::io_context& io() { return io_; }
    transport::Transport& transport() { return *transport_; }
    const wire::CallerKeys& keys() const { return *keys_; }
    ReplyLine& reply_line() { return reply_line_; }
    const ClientConfig& config() const { return config_; }
    const Clock& clock() const { return clock_; }

    void add(ConnectionListener& listener) { listeners_.insert(&listener); }
    void remove(ConnectionListener& listener) { listeners_.erase(&listener); }

private:
    void listen();

    boost::asio::io_context& io_;
    std::unique_ptr<transport::Transport> transport_;
    std::unique_ptr<wire::CallerKeys> keys_;
    ClientConfig config_;
    const Clock& clock_;
    ReplyLine reply_line_;
    std::set<ConnectionListener*> listeners_;
};

}  // namespace hocket::client
