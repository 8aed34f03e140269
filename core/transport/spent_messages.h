#pragma once

#include <cstddef>
#include <memory>
#include <nats/nats.h>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace hocket::transport {

using NatsMessage = std::unique_ptr<natsMsg, decltype(&natsMsg_Destroy)>;

/// Destroys messages of cnats, many at a time: for each that is destroyed alone cnats wakes a thread of its own, which
/// costs more than to check a signature. None waits longer than a second.
/// Thread: io thread only.
class SpentMessages {
public:
    explicit SpentMessages(boost::asio::io_context& io) : timer_(io) {}

    void take(NatsMessage message);

private:
    std::vector<NatsMessage> messages_;
    std::size_t bytes_ = 0;
    bool is_armed_ = false;
    boost::asio::steady_timer timer_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace hocket::transport
