#pragma once

#include <chrono>

#include "client/lib/config.h"

namespace hocket::client {

/// When to stop waiting for answers of nobody knows how many nodes: once the replies dry up.
///
/// After a reply the wait goes on for four times as long as the latest one took, and for `quiet_ms` at least: near nodes
/// end it quickly, far ones are given their time. The whole takes `max_ms` at most, which the first reply may take alone;
/// with `listen_ms` exactly that.
class QuietWindow {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    QuietWindow(TimePoint start, const DiscoveryConfig& config);

    void on_reply(TimePoint now);
    /// It is known who is to answer.
    void await_all() { deadline_ = end_; }
    /// Somebody says that there is nobody.
    void on_nobody(TimePoint now);
    TimePoint deadline() const { return deadline_; }

private:
    TimePoint start_;
    std::chrono::milliseconds shortest_quiet_;
    TimePoint end_;
    TimePoint deadline_;
};

}  // namespace hocket::client
