#pragma once

#include <functional>
#include <memory>
#include <nats/nats.h>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace hocket::transport {

/// Lets cnats wait for its socket on our io_context (natsOptions_SetEventLoop).
///
/// cnats calls the hooks from any thread and with its connection lock held, so they only post. It closes its
/// descriptor before a posted removal can run, and the number may then belong to somebody else: so we wait on a
/// duplicate. After a reconnect it attaches again, with the new descriptor.
///
/// Thread: install() and the destructor on the io thread; the hooks anywhere.
/// Owns:   the duplicate of the socket. Must outlive the connection.
class NatsEventLoop {
public:
    /// `after_read` runs on the io thread each time cnats has taken bytes from the socket.
    NatsEventLoop(boost::asio::io_context& io, std::function<void()> after_read);
    NatsEventLoop(const NatsEventLoop&) = delete;
    NatsEventLoop& operator=(const NatsEventLoop&) = delete;

    natsStatus install(natsOptions* options);

    /// No event reaches the connection after this.
    void stop();

private:
    static natsStatus attach(void** user, void* loop, natsConnection* connection, natsSock socket);
    static natsStatus watch_read(void* user, bool add);
    static natsStatus watch_write(void* user, bool add);
    static natsStatus detach(void* user);

    template <class Work>
    void post(Work work);
    void start(natsConnection* connection, int descriptor);
    void await_read();
    void await_write();

    boost::asio::io_context& io_;
    std::shared_ptr<bool> stopped_ = std::make_shared<bool>(false);  ///< read on the io thread only
    std::function<void()> after_read_;
    natsConnection* connection_ = nullptr;
    std::optional<boost::asio::posix::stream_descriptor> socket_;
    unsigned generation_ = 0;  ///< of socket_: tells a late completion that its socket is gone
    bool wants_read_ = false;
    bool wants_write_ = false;
    bool awaits_read_ = false;
    bool awaits_write_ = false;
};

}  // namespace hocket::transport
