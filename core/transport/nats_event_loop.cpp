#include "core/transport/nats_event_loop.h"

#include <fcntl.h>
#include <poll.h>
#include <utility>

#include <boost/asio/post.hpp>

namespace hocket::transport {

using boost::asio::posix::stream_descriptor;

NatsEventLoop::NatsEventLoop(boost::asio::io_context& io, std::function<void()> after_read)
    : io_(io), after_read_(std::move(after_read)) {}

natsStatus NatsEventLoop::install(natsOptions* options) {
    return natsOptions_SetEventLoop(options, this, &attach, &watch_read, &watch_write, &detach);
}

void NatsEventLoop::stop() {
    while (takes_bytes() && has_bytes_to_write()) {
        const int waiting = natsConnection_Buffered(connection_);
        natsConnection_ProcessWriteEvent(connection_);
        if (natsConnection_Buffered(connection_) >= waiting) break;
    }
    *stopped_ = true;
    let_go();
}

void NatsEventLoop::release() {
    {
        const std::lock_guard lock(note_mutex_);
        note_ = {};
    }
    let_go();
}

// ---- hooks: any thread, under the connection's lock ------------------------------------------------------------------

natsStatus NatsEventLoop::attach(void** user, void* loop, natsConnection* connection, natsSock socket) {
    auto* self = static_cast<NatsEventLoop*>(loop);
    *user = self;
    FileDescriptor duplicate(::fcntl(socket, F_DUPFD_CLOEXEC, 0));
    if (!duplicate) return NATS_SYS_ERROR;
    {
        const std::lock_guard lock(self->note_mutex_);
        self->note_ = {connection, std::move(duplicate), true};
    }
    self->wake();
    return NATS_OK;
}

/// cnats removes the read event when a connection is lost, and adds none: attach() stands for that.
natsStatus NatsEventLoop::watch_read(void* user, bool add) {
    return add ? NATS_OK : detach(user);
}

natsStatus NatsEventLoop::watch_write(void* user, bool add) {
    if (add) static_cast<NatsEventLoop*>(user)->wake();
    return NATS_OK;
}

natsStatus NatsEventLoop::detach(void* user) {
    auto* self = static_cast<NatsEventLoop*>(user);
    {
        const std::lock_guard lock(self->note_mutex_);
        self->note_ = {};
    }
    self->wake();
    return NATS_OK;
}

void NatsEventLoop::wake() {
    if (is_woken_.exchange(true)) return;
    boost::asio::post(io_, [this, stopped = stopped_] {
        if (!*stopped) look();
    });
}

// ---- io thread -------------------------------------------------------------------------------------------------------

void NatsEventLoop::look() {
    is_woken_ = false;
    follow_note();
    await_read();
    write();
}

void NatsEventLoop::follow_note() {
    const std::lock_guard lock(note_mutex_);
    if (!note_.is_attached) return let_go();
    if (!note_.new_socket) return;
    let_go();
    connection_ = note_.connection;
    socket_.emplace(io_, note_.new_socket.release());
}

void NatsEventLoop::let_go() {
    ++generation_;
    awaits_read_ = false;
    awaits_write_ = false;
    socket_.reset();
}

void NatsEventLoop::await_read() {
    if (!socket_ || std::exchange(awaits_read_, true)) return;
    socket_->async_wait(stream_descriptor::wait_read, [this, stopped = stopped_, generation = generation_](
                                                          const boost::system::error_code& error) {
        if (error || *stopped || generation != generation_) return;
        awaits_read_ = false;
        natsConnection_ProcessReadEvent(connection_);
        after_read_();
        write();  // what the handlers made is not to wait for another round
        await_read();
    });
}

/// Not before the socket takes bytes: over TLS cnats would wait for that itself, and with it the io thread. It nearly
/// always does, and asking is cheaper than to have the reactor wait for it.
void NatsEventLoop::write() {
    if (awaits_write_ || !has_bytes_to_write()) return;
    if (takes_bytes()) natsConnection_ProcessWriteEvent(connection_);
    if (has_bytes_to_write()) await_write();
}

void NatsEventLoop::await_write() {
    awaits_write_ = true;
    socket_->async_wait(stream_descriptor::wait_write, [this, stopped = stopped_, generation = generation_](
                                                           const boost::system::error_code& error) {
        if (error || *stopped || generation != generation_) return;
        awaits_write_ = false;
        write();
    });
}

bool NatsEventLoop::has_bytes_to_write() const {
    return socket_ && natsConnection_Buffered(connection_) > 0;
}

bool NatsEventLoop::takes_bytes() {
    if (!socket_) return false;
    pollfd asked{socket_->native_handle(), POLLOUT, 0};
    return ::poll(&asked, 1, 0) == 1;  // or it is broken, as cnats will find
}

}  // namespace hocket::transport
