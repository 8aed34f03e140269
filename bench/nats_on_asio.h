#pragma once

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <nats/nats.h>
#include <string>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

/// cnats on an io_context with nothing around it: the fastest mode that it has, and the one that Hocket uses. One
/// connection, one subscription, no reconnection, no TLS, no check of anything. What a baseline needs.
class NatsOnAsio {
public:
    explicit NatsOnAsio(boost::asio::io_context& io) : io_(io), socket_(io) {}

    bool connect(const char* url) {
        natsOptions* options = nullptr;
        natsOptions_Create(&options);
        natsOptions_SetURL(options, url);
        natsOptions_SetSendAsap(options, true);
        natsOptions_SetEventLoop(options, this, attach, read, write, detach);
        return natsConnection_Connect(&connection_, options) == NATS_OK;
    }

    void subscribe(const char* subject, std::function<void(natsMsg*)> handler) {
        handler_ = std::move(handler);
        natsConnection_SubscribeSync(&subscription_, connection_, subject);
    }

    void publish(const char* subject, const char* reply, const std::string& payload,
                 const std::string& header) {
        natsMsg* message = nullptr;
        natsMsg_Create(&message, subject, reply, payload.data(), static_cast<int>(payload.size()));
        natsMsgHeader_Set(message, "Hocket-Signature", header.c_str());
        natsConnection_PublishMsg(connection_, message);
        natsMsg_Destroy(message);
    }

private:
    static natsStatus attach(void** user, void* loop, natsConnection*, natsSock socket) {
        auto* self = static_cast<NatsOnAsio*>(loop);
        *user = self;
        self->socket_.assign(::dup(socket));
        boost::asio::post(self->io_, [self] { self->wait_to_read(); });
        return NATS_OK;
    }
    static natsStatus read(void*, bool) { return NATS_OK; }  // always
    static natsStatus write(void* user, bool add) {
        auto* self = static_cast<NatsOnAsio*>(user);
        if (add) boost::asio::post(self->io_, [self] { self->wait_to_write(); });
        return NATS_OK;
    }
    static natsStatus detach(void*) { return NATS_OK; }

    void wait_to_read() {
        socket_.async_wait(socket_.wait_read, [this](const boost::system::error_code& error) {
            if (error) return;
            natsConnection_ProcessReadEvent(connection_);
            int pending = 0;  // to be told that there is nothing would be an error, and dear
            while (subscription_ != nullptr &&
                   natsSubscription_GetPending(subscription_, &pending, nullptr) == NATS_OK && pending > 0) {
                natsMsg* message = nullptr;
                if (natsSubscription_NextMsg(&message, subscription_, 0) != NATS_OK) break;
                handler_(message);
                natsMsg_Destroy(message);
            }
            wait_to_read();
        });
    }
    void wait_to_write() {
        socket_.async_wait(socket_.wait_write, [this](const boost::system::error_code& error) {
            if (!error && natsConnection_Buffered(connection_) > 0)
                natsConnection_ProcessWriteEvent(connection_);
        });
    }

    boost::asio::io_context& io_;
    boost::asio::posix::stream_descriptor socket_;
    natsConnection* connection_ = nullptr;
    natsSubscription* subscription_ = nullptr;
    std::function<void(natsMsg*)> handler_;
};

/// As many microseconds of work as BENCH_WORK_US says: what each end of a wire would do with a message.
inline void work() {
    static const char* const text = std::getenv("BENCH_WORK_US");
    if (text == nullptr) return;
    const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(std::atoi(text));
    while (std::chrono::steady_clock::now() < end) {}
}

inline std::string content(const char* name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}
