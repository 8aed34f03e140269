#include "runner/expiry_watch.h"

#include <vector>

#include "core/base/clock.h"

namespace hocket {

namespace {

constexpr std::int64_t k_hour_ms = 60LL * 60 * 1000;
constexpr std::int64_t k_day_ms = 24 * k_hour_ms;

bool is_time_to_tell(std::int64_t& told_ms, std::int64_t interval_ms, std::int64_t now_ms) {
    if (now_ms - told_ms < interval_ms) return false;
    told_ms = now_ms;
    return true;
}

}  // namespace

void ExpiryWatch::begin() {
    certificate_ = {};
    crl_ = {};
}

void ExpiryWatch::look(const wire::NodeKeys& keys, std::int64_t now_ms) {
    if (const auto begins = keys.certificate_begins_ms()) look_at_early_certificate(*begins, now_ms);
    if (const auto expires = keys.certificate_expires_ms()) look_at_certificate(*expires, now_ms);
    look_at_cas(keys, now_ms);
    if (const auto due = keys.crl_next_update_ms()) look_at_crl(*due, now_ms);
}

void ExpiryWatch::look_at_early_certificate(std::int64_t begins_ms, std::int64_t now_ms) {
    if (begins_ms <= now_ms || !is_time_to_tell(certificate_.over_ms, k_hour_ms, now_ms)) return;
    log_.error("this node's certificate is not valid yet, so callers refuse its replies; look at the clocks",
               {{"valid_from", utc_text(begins_ms)}, {"now", utc_text(now_ms)}});
}

void ExpiryWatch::look_at_certificate(std::int64_t expires_ms, std::int64_t now_ms) {
    if (expires_ms > now_ms + k_expiry_warning_ms) return;
    if (expires_ms > now_ms) {
        if (!is_time_to_tell(certificate_.soon_ms, k_day_ms, now_ms)) return;
        return log_.warn("this node's certificate expires soon, then its replies are refused; renew it",
                         {{"expires", utc_text(expires_ms)}});
    }
    if (!is_time_to_tell(certificate_.over_ms, k_hour_ms, now_ms)) return;
    log_.error(
        "this node's certificate has expired, so callers refuse its replies; try: hocket keys cert renew",
        {{"expired", utc_text(expires_ms)}});
}

void ExpiryWatch::look_at_crl(std::int64_t due_ms, std::int64_t now_ms) {
    if (due_ms > now_ms + k_crl_warning_ms) return;
    if (due_ms <= now_ms) return look_at_stale_crl(due_ms, now_ms);
    if (!is_time_to_tell(crl_.soon_ms, k_hour_ms, now_ms)) return;
    log_.warn(
        "the list of revoked certificates will soon be stale, then every caller of its CA is refused; fetch "
        "the next one",
        {{"due", utc_text(due_ms)}});
}

/// Of an intermediate CA, whose certificate callers bring along: of those that we know it was told.
void ExpiryWatch::look_at_stale_crl(std::int64_t due_ms, std::int64_t now_ms) {
    if (!is_time_to_tell(crl_.over_ms, k_hour_ms, now_ms)) return;
    log_.error(
        "a list of revoked certificates is stale, so every caller of its CA is refused; fetch the next one",
        {{"due", utc_text(due_ms)}});
}

void ExpiryWatch::look_at_cas(const wire::NodeKeys& keys, std::int64_t now_ms) {
    std::vector<crypto::CaFault> faults = keys.caller_ca_faults(now_ms);
    std::erase_if(faults, [](const crypto::CaFault& fault) { return fault.may_be_meant; });
    if (faults.empty() || !is_time_to_tell(crl_.over_ms, k_hour_ms, now_ms)) return;
    for (const crypto::CaFault& fault : faults)
        log_.error("callers are refused", {{"reason", fault.message + k_ca_is_refused}});
}

}  // namespace hocket
