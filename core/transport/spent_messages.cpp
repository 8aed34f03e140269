#include "core/transport/spent_messages.h"

namespace hocket::transport {

namespace {

constexpr std::size_t k_most_messages = 64;
constexpr std::size_t k_most_bytes = 256U << 10U;

}  // namespace

void SpentMessages::take(NatsMessage message) {
    if (!message) return;
    bytes_ += static_cast<std::size_t>(natsMsg_GetDataLength(message.get()));
    messages_.push_back(std::move(message));
    if (messages_.size() < k_most_messages && bytes_ < k_most_bytes) return;
    messages_.clear();
    bytes_ = 0;
}

}  // namespace hocket::transport
