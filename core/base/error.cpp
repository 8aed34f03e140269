#include "core/base/error.h"

namespace hocket {

namespace {

constexpr Disposition drop() {
    return {Disposition::Kind::drop, Outcome::internal, 70};
}
constexpr Disposition reply(Outcome outcome) {
    return {Disposition::Kind::reply, outcome, 2};
}
constexpr Disposition local(int exit_code) {
    return {Disposition::Kind::local, Outcome::internal, exit_code};
}

}  // namespace

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::oversized_message: return "oversized_message";
        case ErrorCode::missing_signature: return "missing_signature";
        case ErrorCode::malformed_signature: return "malformed_signature";
        case ErrorCode::unknown_key: return "unknown_key";
        case ErrorCode::bad_signature: return "bad_signature";
        case ErrorCode::untrusted_certificate: return "untrusted_certificate";
        case ErrorCode::rate_limited: return "rate_limited";
        case ErrorCode::malformed_message: return "malformed_message";
        case ErrorCode::subject_mismatch: return "subject_mismatch";
        case ErrorCode::caller_mismatch: return "caller_mismatch";
        case ErrorCode::not_targeted: return "not_targeted";
        case ErrorCode::duplicate: return "duplicate";
        case ErrorCode::far_expired: return "far_expired";
        case ErrorCode::unexpected_reply: return "unexpected_reply";
        case ErrorCode::unknown_agent: return "unknown_agent";
        case ErrorCode::unknown_action: return "unknown_action";
        case ErrorCode::invalid_input: return "invalid_input";
        case ErrorCode::unsupported: return "unsupported";
        case ErrorCode::denied: return "denied";
        case ErrorCode::not_matched: return "not_matched";
        case ErrorCode::timeout: return "timeout";
        case ErrorCode::crashed: return "crashed";
        case ErrorCode::bad_reply: return "bad_reply";
        case ErrorCode::invalid_output: return "invalid_output";
        case ErrorCode::too_large: return "too_large";
        case ErrorCode::busy: return "busy";
        case ErrorCode::draining: return "draining";
        case ErrorCode::expired: return "expired";
        case ErrorCode::clock_skew: return "clock_skew";
        case ErrorCode::internal: return "internal";
        case ErrorCode::usage: return "usage";
        case ErrorCode::invalid_config: return "invalid_config";
        case ErrorCode::invalid_ddl: return "invalid_ddl";
        case ErrorCode::invalid_key: return "invalid_key";
        case ErrorCode::io: return "io";
        case ErrorCode::broker_unreachable: return "broker_unreachable";
        case ErrorCode::interrupted: return "interrupted";
    }
    return "internal";
}

Disposition disposition(ErrorCode code) {
    switch (code) {
        case ErrorCode::oversized_message:
        case ErrorCode::missing_signature:
        case ErrorCode::malformed_signature:
        case ErrorCode::unknown_key:
        case ErrorCode::bad_signature:
        case ErrorCode::untrusted_certificate:
        case ErrorCode::rate_limited:
        case ErrorCode::malformed_message:
        case ErrorCode::subject_mismatch:
        case ErrorCode::caller_mismatch:
        case ErrorCode::not_targeted:
        case ErrorCode::duplicate:
        case ErrorCode::far_expired:
        case ErrorCode::unexpected_reply: return drop();
        case ErrorCode::unknown_agent: return reply(Outcome::unknown_agent);
        case ErrorCode::unknown_action: return reply(Outcome::unknown_action);
        case ErrorCode::invalid_input: return {Disposition::Kind::reply, Outcome::invalid, 65};
        case ErrorCode::unsupported: return reply(Outcome::unsupported);
        case ErrorCode::denied: return reply(Outcome::denied);
        case ErrorCode::not_matched: return reply(Outcome::not_matched);
        case ErrorCode::timeout: return reply(Outcome::timeout);
        case ErrorCode::crashed: return reply(Outcome::crashed);
        case ErrorCode::bad_reply: return reply(Outcome::bad_reply);
        case ErrorCode::invalid_output: return reply(Outcome::invalid_output);
        case ErrorCode::too_large: return reply(Outcome::too_large);
        case ErrorCode::busy: return reply(Outcome::busy);
        case ErrorCode::draining: return reply(Outcome::draining);
        case ErrorCode::expired: return reply(Outcome::expired);
        case ErrorCode::clock_skew: return reply(Outcome::clock_skew);
        case ErrorCode::internal: return local(70);
        case ErrorCode::usage: return local(64);
        case ErrorCode::invalid_config:
        case ErrorCode::invalid_ddl:
        case ErrorCode::invalid_key: return local(78);
        case ErrorCode::io: return local(70);
        case ErrorCode::broker_unreachable: return local(69);
        case ErrorCode::interrupted: return local(130);
    }
    return local(70);
}

Error Error::within(std::string_view context) const {
    return {code, std::string(context) + ": " + message, violations};
}

}  // namespace hocket
