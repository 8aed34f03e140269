#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <nats/nats.h>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "core/base/file.h"

namespace hocket::transport {

/// Lets cnats wait for its socket on our io_context (natsOptions_SetEventLoop).
///
/// cnats calls the hooks from any thread and with its connection lock held, so they only note what holds now and wake
/// the io thread. A note, and not a queue of orders: the io_context may run what its own thread posted after what
/// another thread posted later, and a stale "stop" would then silence a connection that is back. For the same reason
/// an order to write only wakes us. Whether there is something to write we ask cnats, which does not repeat its order
/// when a write was cut short, and which takes the write of nothing for the end of the connection.
///
/// cnats closes its descriptor before the io thread can hear of it, and the number may then belong to somebody else: so
/// we wait on a duplicate. After a reconnection it attaches again, with the new descriptor.
///
/// Thread: install(), write(), release(), stop() and the destructor on the io thread; the hooks anywhere.
/// Owns:   the duplicate of the socket. Must outlive the connection.
class NatsEventLoop {
public:
    /// `after_read` runs on the io thread each time cnats has taken bytes from the socket.
    NatsEventLoop(boost::asio::io_context& io, std::function<void()> after_read);
    NatsEventLoop(const NatsEventLoop&) = delete;
    NatsEventLoop& operator=(const NatsEventLoop&) = delete;

    natsStatus install(natsOptions* options);

    /// Writes what waits to be written, as soon as the socket takes it.
    void write();

    /// Lets go of a connection that is closed and about to be destroyed.
    void release();

    /// Writes once more, if the socket takes it. After this no event reaches the connection.
    void stop();

private:
    /// What cnats said last, in the order of its own lock.
    struct Note {
        natsConnection* connection = nullptr;
        FileDescriptor new_socket;  ///< not yet taken over by the io thread
        bool is_attached = false;
    };

    static natsStatus attach(void** user, void* loop, natsConnection* connection, natsSock socket);
    static natsStatus watch_read(void* user, bool add);
    static natsStatus watch_write(void* user, bool add);
    static natsStatus detach(void* user);

    void wake();
    void look();
    void follow_note();
    void let_go();
    void await_read();
    void await_write();
    bool has_bytes_to_write() const;
    bool takes_bytes();

    boost::asio::io_context& io_;
    std::function<void()> after_read_;
    std::mutex note_mutex_;
    Note note_;
    std::atomic<bool> is_woken_ = false;  ///< a look() is posted

    // Of the io thread only.
    std::shared_ptr<bool> stopped_ = std::make_shared<bool>(false);
    natsConnection* connection_ = nullptr;
    std::optional<boost::asio::posix::stream_descriptor> socket_;
    unsigned generation_ = 0;  ///< of socket_: tells a late completion that its socket is gone
    bool awaits_read_ = false;
    bool awaits_write_ = false;
};

}  // namespace hocket::transport
