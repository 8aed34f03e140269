#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/outcome.h"

namespace hocket {

/// Why something was refused or failed: the closed list of spec/errors.md. Callers branch on it.
enum class ErrorCode {
    // A message that gets no byte back.
    oversized_message,
    missing_signature,
    malformed_signature,
    unknown_key,
    bad_signature,
    untrusted_certificate,
    rate_limited,
    malformed_message,
    subject_mismatch,
    caller_mismatch,
    not_targeted,
    duplicate,
    far_expired,
    unexpected_reply,
    // A verified request that is answered.
    unknown_agent,
    unknown_action,
    invalid_input,
    unsupported,
    denied,
    not_matched,
    timeout,
    crashed,
    bad_reply,
    invalid_output,
    too_large,
    busy,
    draining,
    expired,
    clock_skew,
    // This program and the machine it runs on.
    internal,
    usage,
    invalid_config,
    invalid_ddl,
    invalid_key,
    io,
    broker_unreachable,
    interrupted,
};

inline constexpr std::array k_error_codes = {ErrorCode::oversized_message,
                                             ErrorCode::missing_signature,
                                             ErrorCode::malformed_signature,
                                             ErrorCode::unknown_key,
                                             ErrorCode::bad_signature,
                                             ErrorCode::untrusted_certificate,
                                             ErrorCode::rate_limited,
                                             ErrorCode::malformed_message,
                                             ErrorCode::subject_mismatch,
                                             ErrorCode::caller_mismatch,
                                             ErrorCode::not_targeted,
                                             ErrorCode::duplicate,
                                             ErrorCode::far_expired,
                                             ErrorCode::unexpected_reply,
                                             ErrorCode::unknown_agent,
                                             ErrorCode::unknown_action,
                                             ErrorCode::invalid_input,
                                             ErrorCode::unsupported,
                                             ErrorCode::denied,
                                             ErrorCode::not_matched,
                                             ErrorCode::timeout,
                                             ErrorCode::crashed,
                                             ErrorCode::bad_reply,
                                             ErrorCode::invalid_output,
                                             ErrorCode::too_large,
                                             ErrorCode::busy,
                                             ErrorCode::draining,
                                             ErrorCode::expired,
                                             ErrorCode::clock_skew,
                                             ErrorCode::internal,
                                             ErrorCode::usage,
                                             ErrorCode::invalid_config,
                                             ErrorCode::invalid_ddl,
                                             ErrorCode::invalid_key,
                                             ErrorCode::io,
                                             ErrorCode::broker_unreachable,
                                             ErrorCode::interrupted};

std::string_view to_string(ErrorCode code);

/// What becomes of an error at the edge of the system. The one table of spec/errors.md.
struct Disposition {
    enum class Kind {
        drop,   ///< counted and logged or audited; nothing is sent
        reply,  ///< answered with `outcome`
        local,  ///< ends a command with `exit_code`; inside the daemon it is answered as `internal`
    };
    Kind kind;
    Outcome outcome;
    int exit_code;
};

Disposition disposition(ErrorCode code);

/// One broken rule at one place.
struct Violation {
    std::string pointer;  ///< RFC 6901, relative to the checked document: "/inputs/path"
    std::string rule;     ///< "required", "type", "maxlength", "validation", "list", "undeclared", …
    std::string message;  ///< for people; never holds a sensitive value

    bool operator==(const Violation&) const = default;
};

struct Error {
    ErrorCode code;
    std::string message;                ///< what, where, why and what to do next
    std::vector<Violation> violations;  ///< every broken rule, when the error is about a document

    /// The same error seen from one level up: "agent 'disk': <message>".
    Error within(std::string_view context) const;
};

}  // namespace hocket
