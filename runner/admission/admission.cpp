#include "runner/admission/admission.h"

#include <algorithm>

#include "core/base/names.h"

namespace hocket::admission {

namespace {

RequestKey key_of(const wire::Request& request) {
    return {request.caller, request.id};
}

bool contains(const std::vector<std::string>& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

Admission::Admission(std::string identity, Freshness freshness, Duplicates duplicates, Journal journal)
    : identity_(std::move(identity)),
      freshness_(freshness),
      duplicates_(std::move(duplicates)),
      journal_(std::move(journal)) {
    if (journal_.past() == Journal::Past::unknown) freshness_.distrust_the_past();
    const std::int64_t now = freshness_.now_ms();
    for (const JournalEntry& entry : journal_.entries()) {
        // A full store cannot take more than it holds; what is left out is covered by its own expiry.
        (void)duplicates_.remember(entry.key, entry.payload_sha256, entry.expires_at_ms, now);
    }
    journal_.release_entries();
}

Result<void> Admission::check_meant_for_us(const wire::VerifiedRequest& verified,
                                           const filter::NodeView& node) const {
    const wire::Request& request = verified.request();
    if (!contains(policy_.collectives, request.collective)) {
        return Error{
            ErrorCode::unsupported, "this node has not joined collective '" + request.collective + "'", {}};
    }
    if (!request.targets.empty() && !contains(request.targets, identity_)) {
        return Error{ErrorCode::not_targeted, "its targets do not hold this node", {}};
    }
    if (filter::matches(request.filter, node)) return {};
    // Asked by name, a node says why it did nothing; a broadcast is for whom it matches.
    return Error{verified.is_direct() ? ErrorCode::not_matched : ErrorCode::not_targeted,
                 "the request's filter does not hold for this node",
                 {}};
}

Result<void> Admission::prepare_to_run(const wire::VerifiedRequest& verified) {
    const wire::Request& request = verified.request();
    if (draining_) {
        return Error{
            ErrorCode::draining, "this node's hocketd is stopping; ask again when it has restarted", {}};
    }
    if (is_builtin_agent(request.agent)) return {};  // to run it twice does no harm, nor do data plugins
    const auto sync = request.delivery == wire::Delivery::queued ? Journal::Sync::yes : Journal::Sync::no;
    const JournalEntry entry{key_of(request), verified.payload_sha256(), request.issued_at + request.ttl_ms};
    if (Result<void> journalled = journal_.append(entry, freshness_.now_ms(), sync); !journalled) {
        return Error{ErrorCode::internal,
                     "not run, because it could not be journalled: " + journalled.error().message,
                     {}};
    }
    return {};
}

Result<std::variant<AdmittedRequest, RepeatedRequest>> Admission::admit(
    std::shared_ptr<const wire::VerifiedRequest> verified, const filter::NodeView& node,
    AllowRules::Covered covered) {
    const wire::Request& request = verified->request();
    if (Result<void> meant = check_meant_for_us(*verified, node); !meant) return meant.error();
    if (Result<void> fresh = freshness_.check(request); !fresh) return fresh.error();
    // Before it is remembered: who may do nothing takes no place, and to refuse him twice does no harm.
    if (Result<void> allowed = policy_.allow.check(request.caller, request.agent, covered); !allowed)
        return allowed.error();

    const auto known = duplicates_.remember(key_of(request), verified->payload_sha256(),
                                            request.issued_at + request.ttl_ms, freshness_.now_ms());
    if (!known) return known.error();
    if (const auto* repeated = std::get_if<Duplicates::Repeated>(&*known)) {
        return std::variant<AdmittedRequest, RepeatedRequest>(RepeatedRequest{repeated->reply});
    }
    if (Result<void> may_run = prepare_to_run(*verified); !may_run) return may_run.error();
    return std::variant<AdmittedRequest, RepeatedRequest>(AdmittedRequest(std::move(verified)));
}

void Admission::keep_reply(const wire::Request& request, wire::Message reply) {
    duplicates_.keep_reply(key_of(request), std::move(reply));
}

}  // namespace hocket::admission
