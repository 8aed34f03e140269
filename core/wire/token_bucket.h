#pragma once

#include <algorithm>
#include <chrono>

namespace hocket::wire {

/// So many at a time, and so many a second after that.
class TokenBucket {
public:
    TokenBucket(double per_second, double burst) : per_second_(per_second), burst_(burst), tokens_(burst) {}

    /// Whether one more is within the rate.
    bool take(std::chrono::steady_clock::time_point now) {
        if (last_ != std::chrono::steady_clock::time_point()) {
            const std::chrono::duration<double> passed = now - last_;
            tokens_ = std::min(burst_, tokens_ + passed.count() * per_second_);
        }
        last_ = now;
        if (tokens_ < 1) return false;
        tokens_ -= 1;
        return true;
    }

private:
    double per_second_;
    double burst_;
    double tokens_;
    std::chrono::steady_clock::time_point last_;
};

}  // namespace hocket::wire
