#include "runner/request_path.h"

#include <algorithm>
#include <span>

#include <nlohmann/json.hpp>

namespace hocket {

struct RequestPath::Pending {
    std::shared_ptr<const wire::VerifiedRequest> verified;
    std::shared_ptr<const wire::NodeKeys> keys;  ///< a reload may take the key away that the reply needs
    std::chrono::steady_clock::time_point received;
    std::shared_ptr<const agents::InstalledAgent> agent;  ///< null when this node has none of that name

    const wire::Request& request() const { return verified->request(); }
};

void RequestPath::take(const wire::Message& message) {
    ++parts_.node.statistics.total;
    const RunnerConfig& config = *parts_.node.config;
    const std::shared_ptr<const wire::NodeKeys> keys = parts_.node.keys;
    Result<wire::VerifiedRequest> made =
        wire::VerifiedRequest::verify(message, *keys, config.identity, config.max_request_bytes);
    if (!made) return refuse_unverified(message, made.error());
    ++parts_.node.statistics.validated;

    const auto verified = std::make_shared<const wire::VerifiedRequest>(std::move(*made));
    const auto pending = std::make_shared<const Pending>(
        Pending{verified, keys, parts_.clock.steady(), parts_.node.agents.find(verified->request().agent)});
    // For a moment after an agent was unloaded its broadcasts still arrive: they are for the nodes that have it.
    if (!pending->agent && !verified->is_direct()) {
        return drop(*verified,
                    {ErrorCode::not_targeted, "a broadcast to an agent that this node has not", {}});
    }
    const std::shared_ptr<const Json> facts = parts_.node.facts.visible();
    // To look for changes of the classes costs a system call, for which few requests have a use.
    std::span<const std::string> classes;
    if (!verified->request().filter.classes.empty()) classes = parts_.node.classes.current();
    const filter::NodeView view{config.identity, parts_.node.agents.names(), classes, *facts};
    using Covered = admission::AllowRules::Covered;
    const bool must_be_named = pending->agent && pending->agent->ddl.allow == ddl::Allow::by_name;
    auto admitted =
        parts_.admission.admit(verified, view, must_be_named ? Covered::by_name : Covered::by_star);
    if (!admitted) return refuse(*pending, admitted.error());
    if (const auto* repeated = std::get_if<admission::RepeatedRequest>(&*admitted))
        return resend(*verified, *repeated);
    ++parts_.node.statistics.passed;
    run(pending, std::get<admission::AdmittedRequest>(std::move(*admitted)));
}

void RequestPath::refuse_unverified(const wire::Message& message, const Error& error) {
    ++parts_.node.statistics.unvalidated;
    const bool is_request =
        error.code == ErrorCode::subject_mismatch || error.code == ErrorCode::caller_mismatch;
    if (is_request) parts_.audit.unbound(message, error);
    dropped_.add("an unverified message", error);
}

void RequestPath::drop(const wire::VerifiedRequest& verified, const Error& error) {
    Statistics& statistics = parts_.node.statistics;
    if (error.code == ErrorCode::not_targeted) ++statistics.filtered;
    if (error.code == ErrorCode::duplicate) ++statistics.duplicates;
    const bool is_for_its_time = error.code == ErrorCode::far_expired || error.code == ErrorCode::expired ||
                                 error.code == ErrorCode::clock_skew;
    if (is_for_its_time) {
        ++statistics.ttlexpired;
        Error named = error;
        named.message += "; it is of " + verified.request().caller;
        dropped_.add("a request for its time", named);
    }
    parts_.audit.dropped(verified, error);
}

void RequestPath::refuse(const Pending& pending, const Error& error) {
    const wire::VerifiedRequest& verified = *pending.verified;
    if (disposition(error.code).kind == Disposition::Kind::drop) return drop(verified, error);
    Statistics& statistics = parts_.node.statistics;
    if (error.code == ErrorCode::denied) ++statistics.denied;
    if (error.code == ErrorCode::expired || error.code == ErrorCode::clock_skew) {
        Ration& ration = parts_.admission.is_in_window(verified.request()) ? distrusting_ : outside_window_;
        if (!ration.take(parts_.clock.wall_ms())) return drop(verified, error);
        ++statistics.ttlexpired;
    }
    parts_.audit.refused(verified, error);
    parts_.log.info("refused a request", {{"request", verified.request().id},
                                          {"caller", verified.request().caller},
                                          {"agent", verified.request().agent},
                                          {"action", verified.request().action},
                                          {"code", to_string(error.code)},
                                          {"reason", error.message}});
    answer(pending, execution::refusal(error));
}

bool RequestPath::Ration::take(std::int64_t now_ms) {
    if (const std::int64_t now = now_ms / 1000; now != second) {
        second = now;
        taken = 0;
    }
    return ++taken <= in_a_second;
}

void RequestPath::resend(const wire::VerifiedRequest& verified, const admission::RepeatedRequest& repeated) {
    ++parts_.node.statistics.duplicates;
    parts_.audit.repeated(verified, repeated.reply != nullptr);
    if (!repeated.reply) return;
    // The broker grants an answer to each message received, so it goes to where this one wants it.
    wire::Message again = *repeated.reply;
    again.subject = verified.reply_subject();
    if (Result<void> sent = parts_.transport.publish(again); !sent) {
        parts_.log.warn("a stored reply could not be sent", {{"reason", sent.error().message}});
    }
    parts_.transport.flush();
}

void RequestPath::run(const std::shared_ptr<const Pending>& pending, admission::AdmittedRequest admitted) {
    Result<agents::ValidCall> call = agents::ValidCall::check(std::move(admitted), parts_.node.agents);
    if (!call) return refuse(*pending, call.error());
    parts_.audit.admitted(*pending->verified, &call->action(), call->inputs());
    parts_.executor.run(std::move(*call), [this, pending](execution::AgentResult result) {
        answer(*pending, std::move(result));
    });
}

void RequestPath::answer(const Pending& pending, execution::AgentResult result) {
    const wire::Request& request = pending.request();
    const std::int64_t duration_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.steady() - pending.received)
            .count();
    Outcome outcome = result.outcome;
    const std::optional<bool> changed = result.changed;
    wire::Message message;
    message.subject = pending.verified->reply_subject();
    message.payload = encode_reply(pending, std::move(result), duration_ms);
    if (Result<void> fits = check_size(message.payload.size()); !fits) {
        execution::AgentResult too_large = execution::refusal(fits.error());
        too_large.changed = changed;
        outcome = too_large.outcome;
        message.payload = encode_reply(pending, std::move(too_large), duration_ms);
    }
    message.signatures = {pending.keys->sign_reply(pending.verified->signer(), message.payload)};

    Statistics& statistics = parts_.node.statistics;
    ++statistics.outcomes[std::string(to_string(outcome))];
    parts_.audit.finished(request, outcome, duration_ms);
    if (Result<void> sent = parts_.transport.publish(message); sent) {
        parts_.transport.flush();
        ++statistics.replies;
    } else {
        parts_.log.warn("a reply could not be sent; the caller may ask again with the same bytes",
                        {{"request", request.id}, {"reason", sent.error().message}});
    }
    parts_.admission.keep_reply(request, std::move(message));
}

std::string RequestPath::encode_reply(const Pending& pending, execution::AgentResult result,
                                      std::int64_t duration_ms) const {
    const wire::Request& request = pending.request();
    wire::Reply reply;
    reply.request = request.id;
    reply.request_sha256 = pending.verified->payload_sha256();
    reply.identity = parts_.node.config->identity;
    reply.agent = request.agent;
    reply.action = request.action;
    reply.outcome = result.outcome;
    reply.statuscode = result.statuscode;
    reply.statusmsg = std::move(result.statusmsg);
    reply.data = std::move(result.data);
    reply.error = std::move(result.error);
    reply.changed = result.changed;
    reply.diff = std::move(result.diff);
    reply.stderr_tail = std::move(result.stderr_tail);
    reply.duration_ms = duration_ms;
    if (pending.agent) {
        reply.agent_version = pending.agent->ddl.metadata.version;
        reply.ddl_digest = pending.agent->ddl_digest;
    }
    return wire::encode_reply(reply);
}

Result<void> RequestPath::check_size(std::size_t reply_bytes) const {
    const std::size_t max_payload = parts_.transport.max_payload();
    if (max_payload == 0 || reply_bytes + k_reply_headroom_bytes <= max_payload) return {};
    return Error{ErrorCode::too_large,
                 "the reply has " + std::to_string(reply_bytes) + " bytes, this broker carries " +
                     std::to_string(max_payload - std::min(max_payload, k_reply_headroom_bytes)) +
                     "; ask for less",
                 {}};
}

}  // namespace hocket
