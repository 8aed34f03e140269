#pragma once

#include <memory>
#include <string>
#include <variant>

#include "core/filter/match.h"
#include "core/wire/verified_request.h"
#include "runner/admission/allow_rules.h"
#include "runner/admission/duplicates.h"
#include "runner/admission/freshness.h"
#include "runner/admission/journal.h"

namespace hocket::admission {

/// A verified request that is meant for this node, fresh, new, allowed and journalled. Only Admission makes one.
class AdmittedRequest {
public:
    const wire::VerifiedRequest& verified() const { return *verified_; }
    const wire::Request& request() const { return verified_->request(); }

private:
    friend class Admission;
    explicit AdmittedRequest(std::shared_ptr<const wire::VerifiedRequest> verified)
        : verified_(std::move(verified)) {}

    std::shared_ptr<const wire::VerifiedRequest> verified_;
};

/// The same bytes came again: `reply` is sent again when it is kept.
struct RepeatedRequest {
    std::shared_ptr<const wire::Message> reply;
};

/// spec/protocol.md, admission, from "filter and targets" to "not shutting down". In this order:
///
/// | step       | refused with                                                                     |
/// |------------|----------------------------------------------------------------------------------|
/// | collective | unsupported (not joined)                                                         |
/// | targets    | not_targeted: dropped                                                            |
/// | filter     | not_matched: answered when it came directly, else dropped as not_targeted        |
/// | freshness  | expired, clock_skew; far_expired: dropped                                        |
/// | allow      | denied                                                                           |
/// | duplicate  | duplicate: dropped; busy                                                         |
/// | draining   | draining                                                                         |
/// | journal    | internal; not for the built-in agents                                            |
///
/// Thread: io thread only.
class Admission {
public:
    Admission(std::string identity, Freshness freshness, Duplicates duplicates, Journal journal);

    struct Policy {
        std::vector<std::string> collectives;
        AllowRules allow;
    };
    void set_policy(Policy policy) { policy_ = std::move(policy); }
    void set_max_skew_ms(std::int64_t max_skew_ms) { freshness_.set_max_skew_ms(max_skew_ms); }
    void start_draining() { draining_ = true; }

    Result<std::variant<AdmittedRequest, RepeatedRequest>> admit(
        std::shared_ptr<const wire::VerifiedRequest> verified, const filter::NodeView& node,
        AllowRules::Covered covered);

    /// Keeps what was answered, for a caller that asks again with the same bytes.
    void keep_reply(const wire::Request& request, wire::Message reply);

    /// Whether it is from now, as far as clocks tell.
    bool is_in_window(const wire::Request& request) { return freshness_.is_in_window(request); }

    /// Forgets some of the requests that have expired. Returns whether there were any.
    bool forget_some() { return duplicates_.expire_some(freshness_.forget_until_ms()); }

    std::size_t remembered_requests() const { return duplicates_.size(); }
    std::int64_t distrusted_until_ms() const { return freshness_.distrusted_until_ms(); }

private:
    Result<void> check_meant_for_us(const wire::VerifiedRequest& verified,
                                    const filter::NodeView& node) const;
    Result<void> prepare_to_run(const wire::VerifiedRequest& verified);

    std::string identity_;
    Freshness freshness_;
    Duplicates duplicates_;
    Journal journal_;
    Policy policy_;
    bool draining_ = false;
};

}  // namespace hocket::admission
