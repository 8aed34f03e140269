#include "runner/request_path.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace hocket {

namespace {

// Room for the signature header and the subject beside the payload (spec/outcomes.md, too_large).
constexpr std::size_t k_headroom_bytes = 16U << 10U;
constexpr std::int64_t k_unverified_log_interval_ms = 10'000;
constexpr int k_outside_window_replies_per_second = 10;

}  // namespace

struct RequestPath::Pending {
    wire::Request request;
    wire::RequestSigner signer;
    std::shared_ptr<const wire::NodeKeys> keys;  ///< a reload may take the key away that the reply needs
    std::string reply_subject;
    std::string payload_sha256;
    std::chrono::steady_clock::time_point received;
    std::shared_ptr<const agents::InstalledAgent> agent;  ///< null when this node has none of that name
};

void RequestPath::take(const wire::Message& message) {
    ++parts_.node.statistics.total;
    const RunnerConfig& config = *parts_.node.config;
    const std::shared_ptr<const wire::NodeKeys> keys = parts_.node.keys;
    Result<wire::VerifiedRequest> verified =
        wire::VerifiedRequest::verify(message, *keys, config.identity, config.max_request_bytes);
    if (!verified) return refuse_unverified(message, verified.error());
    ++parts_.node.statistics.validated;

    const auto pending = std::make_shared<Pending>(Pending{
        verified->request(), verified->signer(), keys, verified->reply_subject(), verified->payload_sha256(),
        parts_.clock.steady(), parts_.node.agents.find(verified->request().agent)});
    // Also after an agent was unloaded its broadcasts still arrive: they are for the nodes that have it.
    if (!pending->agent && !verified->is_direct()) {
        return drop(*verified,
                    {ErrorCode::not_targeted, "a broadcast to an agent that this node has not", {}});
    }
    const std::shared_ptr<const Json> facts = parts_.node.facts.visible();
    const filter::NodeView view{config.identity, parts_.node.agents.names(), parts_.node.classes.current(),
                                *facts};
    auto admitted = parts_.admission.admit(*verified, view);
    if (!admitted) return refuse(pending, *verified, admitted.error());
    if (const auto* repeated = std::get_if<admission::RepeatedRequest>(&*admitted))
        return resend(*verified, *repeated);
    ++parts_.node.statistics.passed;
    run(pending, std::make_shared<const admission::AdmittedRequest>(
                     std::get<admission::AdmittedRequest>(std::move(*admitted))));
}

void RequestPath::refuse_unverified(const wire::Message& message, const Error& error) {
    ++parts_.node.statistics.unvalidated;
    ++unverified_since_log_;
    const bool is_request =
        error.code == ErrorCode::subject_mismatch || error.code == ErrorCode::caller_mismatch;
    if (is_request) parts_.audit.unbound(message, error);
    const std::int64_t now = parts_.clock.wall_ms();
    if (last_unverified_log_ms_ != 0 && now - last_unverified_log_ms_ < k_unverified_log_interval_ms) return;
    parts_.log.warn(
        "dropped an unverified message",
        {{"code", to_string(error.code)}, {"reason", error.message}, {"count", unverified_since_log_}});
    last_unverified_log_ms_ = now;
    unverified_since_log_ = 0;
}

void RequestPath::drop(const wire::VerifiedRequest& verified, const Error& error) {
    Statistics& statistics = parts_.node.statistics;
    if (error.code == ErrorCode::not_targeted) ++statistics.filtered;
    if (error.code == ErrorCode::duplicate) ++statistics.duplicates;
    if (error.code == ErrorCode::far_expired) ++statistics.ttlexpired;
    parts_.audit.dropped(verified, error);
}

void RequestPath::refuse(const std::shared_ptr<Pending>& pending, const wire::VerifiedRequest& verified,
                         const Error& error) {
    if (disposition(error.code).kind == Disposition::Kind::drop) return drop(verified, error);
    Statistics& statistics = parts_.node.statistics;
    if (error.code == ErrorCode::denied) ++statistics.denied;
    if (error.code == ErrorCode::expired || error.code == ErrorCode::clock_skew) {
        ++statistics.ttlexpired;
        if (!may_answer_outside_window()) return drop(verified, error);
    }
    parts_.audit.refused(verified, error);
    parts_.log.info("refused a request", {{"request", pending->request.id},
                                          {"caller", pending->request.caller},
                                          {"agent", pending->request.agent},
                                          {"action", pending->request.action},
                                          {"code", to_string(error.code)},
                                          {"reason", error.message}});
    answer(*pending, execution::refusal(error));
}

/// Requests outside of their window are cheap to collect and repeat: answers to them are rationed.
bool RequestPath::may_answer_outside_window() {
    const std::int64_t second = parts_.clock.wall_ms() / 1000;
    if (second != outside_window_second_) {
        outside_window_second_ = second;
        outside_window_replies_ = 0;
    }
    return ++outside_window_replies_ <= k_outside_window_replies_per_second;
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
}

void RequestPath::run(const std::shared_ptr<Pending>& pending,
                      std::shared_ptr<const admission::AdmittedRequest> admitted) {
    Result<agents::ValidCall> call = agents::ValidCall::check(admitted, parts_.node.agents);
    if (!call) return refuse(pending, admitted->verified(), call.error());
    parts_.audit.admitted(admitted->verified(), &call->action(), call->inputs());
    parts_.executor.run(std::move(*call), [this, pending](execution::AgentResult result) {
        answer(*pending, std::move(result));
    });
}

void RequestPath::answer(const Pending& pending, execution::AgentResult result) {
    Outcome outcome = result.outcome;
    const wire::Reply reply = make_reply(pending, std::move(result));
    wire::Message message;
    message.subject = pending.reply_subject;
    message.payload = encode_within_limit(reply, outcome);
    message.signatures = {pending.keys->sign_reply(pending.signer, message.payload)};

    Statistics& statistics = parts_.node.statistics;
    ++statistics.outcomes[std::string(to_string(outcome))];
    parts_.audit.finished(pending.request, outcome, reply.duration_ms);
    if (Result<void> sent = parts_.transport.publish(message); sent) {
        ++statistics.replies;
    } else {
        parts_.log.warn("a reply could not be sent; the caller may ask again with the same bytes",
                        {{"request", pending.request.id}, {"reason", sent.error().message}});
    }
    parts_.admission.keep_reply(pending.request, std::move(message));
}

wire::Reply RequestPath::make_reply(const Pending& pending, execution::AgentResult result) const {
    using std::chrono::duration_cast;
    wire::Reply reply;
    reply.request = pending.request.id;
    reply.request_sha256 = pending.payload_sha256;
    reply.identity = parts_.node.config->identity;
    reply.agent = pending.request.agent;
    reply.action = pending.request.action;
    reply.outcome = result.outcome;
    reply.statuscode = result.statuscode;
    reply.statusmsg = std::move(result.statusmsg);
    reply.data = std::move(result.data);
    reply.error = std::move(result.error);
    reply.changed = result.changed;
    reply.stderr_tail = std::move(result.stderr_tail);
    reply.duration_ms =
        duration_cast<std::chrono::milliseconds>(parts_.clock.steady() - pending.received).count();
    if (pending.agent) {
        reply.agent_version = pending.agent->ddl.metadata.version;
        reply.ddl_digest = pending.agent->ddl_digest;
    }
    return reply;
}

std::string RequestPath::encode_within_limit(wire::Reply reply, Outcome& outcome) const {
    std::string encoded = wire::encode_reply(reply);
    const std::size_t max_payload = parts_.transport.max_payload();
    if (max_payload == 0 || encoded.size() + k_headroom_bytes <= max_payload) return encoded;
    const execution::AgentResult too_large = execution::refusal(
        {ErrorCode::too_large,
         "the reply has " + std::to_string(encoded.size()) + " bytes, this broker carries " +
             std::to_string(max_payload - std::min(max_payload, k_headroom_bytes)) + "; ask for less",
         {}});
    outcome = too_large.outcome;
    reply.outcome = too_large.outcome;
    reply.statuscode = too_large.statuscode;
    reply.statusmsg = too_large.statusmsg;
    reply.data = too_large.data;
    reply.error = too_large.error;
    reply.stderr_tail.reset();
    return wire::encode_reply(reply);
}

}  // namespace hocket
