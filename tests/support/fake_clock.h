#pragma once

#include "core/base/clock.h"

namespace hocket::test {

/// A clock that stands still until a test moves it.
class FakeClock final : public Clock {
public:
    std::int64_t wall_ms() const override { return wall_ms_; }
    std::chrono::steady_clock::time_point steady() const override { return steady_; }

    void advance_ms(std::int64_t span) {
        wall_ms_ += span;
        steady_ += std::chrono::milliseconds(span);
    }
    /// As when somebody sets the clock: the monotonic one does not follow.
    void set_wall_ms(std::int64_t wall_ms) { wall_ms_ = wall_ms; }

private:
    std::int64_t wall_ms_ = 1'790'000'000'000;
    // The machine's at first: the deadline of a process that really runs is made from it.
    std::chrono::steady_clock::time_point steady_ = std::chrono::steady_clock::now();
};

}  // namespace hocket::test
