#include "client/lib/acceptance.h"

#include "core/wire/verified_reply.h"

namespace hocket::client {

namespace {

/// What a node may answer before it looks whether it knows the request (spec/protocol.md §7). It is the first that it says, so to one
/// that has been silent for long it is said of the repeat.
bool is_of_the_message(Outcome outcome) {
    return outcome == Outcome::expired || outcome == Outcome::clock_skew || outcome == Outcome::denied ||
           outcome == Outcome::not_matched || outcome == Outcome::unsupported;
}

}  // namespace

Acceptance::Acceptance(const SignedRequest& sent, const wire::CallerKeys& keys,
                       const std::optional<std::vector<std::string>>& expected)
    : sent_(sent), keys_(keys) {
    if (expected) expected_.emplace(expected->begin(), expected->end());
}

Judgement Acceptance::judge(const wire::Message& message) {
    auto verified = wire::VerifiedReply::verify(message, keys_, sent_.request, sent_.sha256);
    if (!verified) return reject(verified.error());
    const wire::Reply& reply = verified->reply();
    if (answered_.size() >= k_max_nodes)
        return reject({ErrorCode::too_large, "more nodes answered than fit", {}});
    const bool is_of_repeat = asked_again_.contains(reply.identity) && is_of_the_message(reply.outcome);
    if (is_of_repeat && !answered_.contains(reply.identity))
        return {Verdict::of_repeat, std::move(*verified).take()};
    if (!answered_.insert(reply.identity).second) {
        ++repeated_;
        return {Verdict::repeated, {}};
    }
    const bool expected = !expected_ || expected_->contains(reply.identity);
    return {expected ? Verdict::accepted : Verdict::unexpected, std::move(*verified).take()};
}

Judgement Acceptance::reject(const Error& error) {
    Rejection& rejection = rejected_[error.code];
    if (++rejection.count == 1) rejection.first_reason = error.message;
    return {};
}

}  // namespace hocket::client
