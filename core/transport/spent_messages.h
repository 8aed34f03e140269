#pragma once

#include <cstddef>
#include <memory>
#include <nats/nats.h>
#include <vector>

namespace hocket::transport {

using NatsMessage = std::unique_ptr<natsMsg, decltype(&natsMsg_Destroy)>;

/// Destroys messages of cnats, many at a time: for each that is destroyed alone cnats wakes a thread of its own, which
/// costs more than to check a signature.
/// Thread: one.
class SpentMessages {
public:
    void take(NatsMessage message);

private:
    std::vector<NatsMessage> messages_;
    std::size_t bytes_ = 0;
};

}  // namespace hocket::transport
