#include "core/transport/spent_messages.h"

#include <chrono>

namespace hocket::transport {

namespace {

constexpr std::size_t k_most_messages = 64;
constexpr std::size_t k_most_bytes = 256U << 10U;
constexpr std::chrono::seconds k_longest{1};

}  // namespace

void SpentMessages::take(NatsMessage message) {
    if (!message) return;
    bytes_ += static_cast<std::size_t>(natsMsg_GetDataLength(message.get()));
    messages_.push_back(std::move(message));
    if (messages_.size() >= k_most_messages || bytes_ >= k_most_bytes) {
        messages_.clear();
        bytes_ = 0;
    }
    if (messages_.empty() || is_armed_) return;
    is_armed_ = true;
    timer_.expires_after(k_longest);
    timer_.async_wait([this, alive = std::weak_ptr(alive_)](const boost::system::error_code&) {
        if (alive.expired()) return;
        is_armed_ = false;
        messages_.clear();
        bytes_ = 0;
    });
}

}  // namespace hocket::transport
