#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace hocket {

/// Where code that decides by time gets it from, so that tests can move it.
/// Thread: any.
class Clock {
public:
    virtual ~Clock() = default;

    /// Unix time in milliseconds: what messages carry. May jump.
    virtual std::int64_t wall_ms() const = 0;

    /// Monotonic: what deadlines are made of.
    virtual std::chrono::steady_clock::time_point steady() const = 0;
};

class SystemClock final : public Clock {
public:
    std::int64_t wall_ms() const override;
    std::chrono::steady_clock::time_point steady() const override;
};

/// A wall time for people: "2026-11-26 12:49:24 UTC".
std::string utc_text(std::int64_t wall_ms);

}  // namespace hocket
