#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/steady_timer.hpp>

namespace hocket::client {

/// Runs one action later, unless it is disarmed, armed anew or destroyed before.
/// Thread: io thread only; the action runs there, and may destroy the timer.
class OneShotTimer {
public:
    explicit OneShotTimer(boost::asio::io_context& io) : timer_(io) {}
    OneShotTimer(const OneShotTimer&) = delete;
    OneShotTimer& operator=(const OneShotTimer&) = delete;

    void arm(std::chrono::milliseconds delay, std::function<void()> action);
    void disarm();
    bool is_armed() const { return action_ != nullptr; }

private:
    boost::asio::steady_timer timer_;
    std::shared_ptr<std::function<void()>> action_;  ///< a late completion holds it weakly
};

}  // namespace hocket::client
