#pragma once

#include <chrono>
#include <cstdint>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/wire/request.h"

namespace hocket::admission {

/// Whether a request is inside of its time window:
///
///     issued_at − max_skew  ≤  now  ≤  issued_at + ttl
///
/// where now is the larger of the wall clock and the highest one seen, so that a clock set back revives nothing.
///
/// Thread: io thread only.
class Freshness {
public:
    Freshness(const Clock& clock, std::int64_t max_skew_ms) : clock_(&clock), max_skew_ms_(max_skew_ms) {}

    /// After a start without a usable journal, duplicates from before cannot be known: requests issued until now plus
    /// the allowed skew are refused.
    void distrust_the_past();

    /// When requests are accepted again; 0 when they are.
    std::int64_t distrusted_until_ms() const { return distrusted_until_ms_; }

    /// Errors: expired or clock_skew, naming the difference; far_expired when it is over ten minutes outside of its
    /// window, which nobody waits for any more.
    Result<void> check(const wire::Request& request);

    /// Whether it is inside of its window, however much of the past is known.
    bool is_in_window(const wire::Request& request);

    std::int64_t now_ms();

    /// Until when requests may be forgotten though none comes: not further than the monotonic clock went on, for the wall clock may
    /// be wrong for a moment, nor than the wall clock did, for what is forgotten must not become fresh again. now_ms() is
    /// never less afterwards.
    std::int64_t forget_until_ms();

    void set_max_skew_ms(std::int64_t max_skew_ms) { max_skew_ms_ = max_skew_ms; }

private:
    std::int64_t ms_ahead(const wire::Request& request, std::int64_t now_ms) const;
    static std::int64_t ms_late(const wire::Request& request, std::int64_t now_ms);

    const Clock* clock_;
    std::int64_t max_skew_ms_;
    std::int64_t highest_seen_ms_ = 0;
    std::chrono::steady_clock::time_point seen_at_;
    std::int64_t distrusted_until_ms_ = 0;
};

}  // namespace hocket::admission
