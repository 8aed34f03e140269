#include "runner/admission/freshness.h"

#include <algorithm>
#include <cstdio>

namespace hocket::admission {

namespace {

constexpr std::int64_t k_answered_window_ms = 10LL * 60 * 1000;

std::string seconds_text(std::int64_t milliseconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(milliseconds) / 1000.0);
    return text;
}

Error outside(ErrorCode code, std::int64_t distance_ms, const std::string& message) {
    return {distance_ms > k_answered_window_ms ? ErrorCode::far_expired : code, message, {}};
}

}  // namespace

std::int64_t Freshness::now_ms() {
    highest_seen_ms_ = std::max(highest_seen_ms_, clock_->wall_ms());
    seen_at_ = clock_->steady();
    return highest_seen_ms_;
}

std::int64_t Freshness::forget_until_ms() {
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_->steady() - seen_at_).count();
    highest_seen_ms_ = std::clamp(clock_->wall_ms(), highest_seen_ms_, highest_seen_ms_ + passed);
    seen_at_ = clock_->steady();
    return highest_seen_ms_;
}

void Freshness::distrust_the_past() {
    distrusted_until_ms_ = now_ms() + max_skew_ms_;
}

std::int64_t Freshness::ms_ahead(const wire::Request& request, std::int64_t now_ms) const {
    return request.issued_at - max_skew_ms_ - now_ms;
}

std::int64_t Freshness::ms_late(const wire::Request& request, std::int64_t now_ms) {
    return now_ms - (request.issued_at + request.ttl_ms);
}

bool Freshness::is_in_window(const wire::Request& request) {
    const std::int64_t now = now_ms();
    return ms_ahead(request, now) <= 0 && ms_late(request, now) <= 0;
}

Result<void> Freshness::check(const wire::Request& request) {
    const std::int64_t now = now_ms();
    const std::int64_t ahead = ms_ahead(request, now);
    if (ahead > 0) {
        return outside(ErrorCode::clock_skew, ahead,
                       "issued " + seconds_text(request.issued_at - now) + " in this node's future, " +
                           seconds_text(max_skew_ms_) +
                           " are allowed; compare the clocks of caller and node");
    }
    const std::int64_t late = ms_late(request, now);
    if (late > 0) {
        return outside(ErrorCode::expired, late,
                       "expired " + seconds_text(late) + " ago (ttl " + seconds_text(request.ttl_ms) +
                           "); compare the clocks of caller and node, or give it a longer ttl");
    }
    if (request.issued_at <= distrusted_until_ms_) {
        return Error{
            ErrorCode::expired,
            "this node started without its journal and refuses what could be a repetition; ask again in " +
                seconds_text(std::max<std::int64_t>(0, distrusted_until_ms_ - now)),
            {}};
    }
    return {};
}

}  // namespace hocket::admission
