#include "client/lib/one_shot_timer.h"

namespace hocket::client {

void OneShotTimer::arm(std::chrono::milliseconds delay, std::function<void()> action) {
    action_ = std::make_shared<std::function<void()>>(std::move(action));
    timer_.expires_after(delay);
    timer_.async_wait([this, weak = std::weak_ptr(action_)](const boost::system::error_code&) {
        const auto due = weak.lock();
        if (!due) return;
        action_.reset();
        (*due)();
    });
}

void OneShotTimer::disarm() {
    action_.reset();
    timer_.cancel();
}

}  // namespace hocket::client
