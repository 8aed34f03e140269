#include "core/transport/nats_event_loop.h"

#include <fcntl.h>
#include <utility>

#include <boost/asio/post.hpp>

namespace hocket::transport {

NatsEventLoop::NatsEventLoop(boost::asio::io_context& io, std::function<void()> after_read)
    : io_(io), after_read_(std::move(after_read)) {}

natsStatus NatsEventLoop::install(natsOptions* options) {
    return natsOptions_SetEventLoop(options, this, &attach, &watch_read, &watch_write, &detach);
}

template <class Work>
void NatsEventLoop::post(Work work) {
    boost::asio::post(io_, [stopped = stopped_, work = std::move(work)] {
        if (!*stopped) work();
    });
}

void NatsEventLoop::stop() {
    *stopped_ = true;
    ++generation_;
    socket_.reset();
}

natsStatus NatsEventLoop::attach(void** user, void* loop, natsConnection* connection, natsSock socket) {
    auto* self = static_cast<NatsEventLoop*>(loop);
    *user = self;
    const int duplicate = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0) return NATS_SYS_ERROR;
    self->post([self, connection, duplicate] { self->start(connection, duplicate); });
    return NATS_OK;
}

natsStatus NatsEventLoop::watch_read(void* user, bool add) {
    auto* self = static_cast<NatsEventLoop*>(user);
    self->post([self, add] {
        self->wants_read_ = add;
        self->await_read();
    });
    return NATS_OK;
}

natsStatus NatsEventLoop::watch_write(void* user, bool add) {
    auto* self = static_cast<NatsEventLoop*>(user);
    self->post([self, add] {
        self->wants_write_ = add;
        self->await_write();
    });
    return NATS_OK;
}

natsStatus NatsEventLoop::detach(void* user) {
    auto* self = static_cast<NatsEventLoop*>(user);
    self->post([self] {
        ++self->generation_;
        self->socket_.reset();
    });
    return NATS_OK;
}

void NatsEventLoop::start(natsConnection* connection, int descriptor) {
    ++generation_;
    connection_ = connection;
    socket_.emplace(io_, descriptor);
    wants_read_ = true;
    wants_write_ = true;
    awaits_read_ = false;
    awaits_write_ = false;
    await_read();
    await_write();
}

void NatsEventLoop::await_read() {
    if (!socket_ || !wants_read_ || awaits_read_) return;
    awaits_read_ = true;
    socket_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                        [this, generation = generation_](const boost::system::error_code& error) {
                            if (generation != generation_) return;
                            awaits_read_ = false;
                            if (error || !wants_read_) return;
                            natsConnection_ProcessReadEvent(connection_);
                            after_read_();
                            await_read();
                        });
}

void NatsEventLoop::await_write() {
    if (!socket_ || !wants_write_ || awaits_write_) return;
    awaits_write_ = true;
    socket_->async_wait(boost::asio::posix::stream_descriptor::wait_write,
                        [this, generation = generation_](const boost::system::error_code& error) {
                            if (generation != generation_) return;
                            awaits_write_ = false;
                            if (error || !wants_write_) return;
                            natsConnection_ProcessWriteEvent(connection_);
                            // cnats asks for more by watch_write(true) when it could not write everything.
                            wants_write_ = false;
                        });
}

}  // namespace hocket::transport
