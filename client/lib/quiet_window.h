#pragma once

#include <chrono>

#include "client/lib/config.h"

namespace hocket::client {

/// When to stop waiting for answers of nobody knows how many nodes: once the replies dry up.
///
/// After a reply the wait goes on for four times as long as the latest one took, but for 25 ms at least and `quiet_ms`
/// at most: near nodes end it quickly, far ones are given their time. The first reply may take `max_ms`, and the whole
/// five times that.
class QuietWindow {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    QuietWindow(TimePoint start, const DiscoveryConfig& config);

    void on_reply(TimePoint now);
    TimePoint deadline() const { return deadline_; }

private:
    TimePoint start_;
    std::chrono::milliseconds longest_quiet_;
    std::chrono::milliseconds shortest_quiet_;
    TimePoint end_;
    TimePoint deadline_;
};

}  // namespace hocket::client
